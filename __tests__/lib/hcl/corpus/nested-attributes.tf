resource "framework_thing" "a" {
  name    = "x"
  none    = []
  nothing = null

  block = {
    size = 1
    other_block = [
      {
        a = 1
      },
      {
        b = {
          c = []
        }
      },
    ]
  }

  other_block = [
    {},
    {
      labels = {
        a = "b"
      }
    },
  ]
}
