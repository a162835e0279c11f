terraform {
  backend "remote" {
    organization = "plue"

    workspaces {
      prefix = "x-"
    }
  }
}
