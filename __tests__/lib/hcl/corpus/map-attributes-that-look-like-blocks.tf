resource "sdk_thing" "a" {
  labels = {
    block = {
      a = 1
    }
    lifecycle = {
      b = 2
    }
  }

  list = [
    {
      block = {
        a = 1
      }
    },
  ]
}
