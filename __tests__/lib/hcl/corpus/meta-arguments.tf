resource "sdk_thing" "counted" {
  count    = 2
  provider = sdk.eu
  name     = "a-${count.index}"

  depends_on = [sdk_thing.other, module.m, data.sdk_thing.one]
}

resource "sdk_thing" "each" {
  for_each = toset(["a", "b"])
  provider = sdk.eu
  name     = each.key
}

resource "sdk_thing" "from_map" {
  name = each.value

  for_each = {
    a = 1
    b = local.b
  }
}
