terraform {
  required_version = ">= 1.11.0"
  experiments      = [module_variable_optional_attrs]

  required_providers {
    google = {
      configuration_aliases = [google.eu]
      source                = "hashicorp/google"
      version               = "6.50.0"
    }

    cloudflare = {
      source = "cloudflare/cloudflare"
    }
  }

  provider_meta "google" {
    module_name = "x"
  }
}

terraform {
  backend "gcs" {
    bucket = "state"
    prefix = "a/$${b}"
  }
}
