terraform {
  cloud {
    organization = "plue"

    workspaces {
      tags = ["a", "b"]
    }
  }
}
