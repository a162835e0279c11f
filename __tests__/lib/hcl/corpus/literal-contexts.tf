terraform {
  required_version = "$${x} %%{y} $$${z}"
}

variable "a" {
  description = "%%{ if }"

  default = {
    "$${k}" = "$${v}"
  }
}

module "m" {
  source = "./$${x}"
}

output "o" {
  description = "$${x}"
  value       = 1
}
