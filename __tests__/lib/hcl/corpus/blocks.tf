resource "sdk_thing" "a" {
  name = "x"

  block {
    size = 1

    other_block {
      a = 1
    }

    other_block {
      a = 2
    }
  }

  other_block {}

  other_block {
    labels = {
      a = "b"
    }
  }
}

resource "sdk_thing" "none" {}

resource "sdk_thing" "empty" {}
