check "health" {
  data "sdk_thing" "probe" {
    name = "x"

    block {
      a = 1
    }
  }

  assert {
    condition     = data.sdk_thing.probe.ok
    error_message = "down"
  }
}
