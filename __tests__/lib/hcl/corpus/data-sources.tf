data "sdk_thing" "one" {
  name = "x"

  block {
    id = sdk_thing.a.id
  }
}

data "terraform_remote_state" "base" {
  backend = "gcs"

  config = {
    bucket = "b"
    prefix = "p"
  }
}
