terraform {
  required_version = ">= 1.11.0"
}

locals {
  a = 1
}

locals {
  b = 2
}

resource "sdk_thing" "a" {
  name = "a"
}

resource "sdk_thing" "b" {
  name = "b"
}
