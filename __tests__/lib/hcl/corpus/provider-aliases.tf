provider "sdk" {
  project = "a"
}

provider "sdk" {
  alias   = "eu"
  project = "b"

  block {
    token = var.token
  }
}

provider "framework" {
  block = {
    host = "x"
  }
}
