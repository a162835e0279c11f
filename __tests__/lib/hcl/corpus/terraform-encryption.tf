terraform {
  required_version = ">= 1.11.0"
}

terraform {
  backend "gcs" {
    bucket = "state"
  }

  encryption {
    key_provider "pbkdf2" "passphrase" {
      passphrase = var.passphrase
      key_length = 32
    }

    key_provider "pbkdf2" "old" {
      passphrase = "$${text}, ${var.old_passphrase}"
    }

    key_provider "aws_kms" "key" {
      kms_key_id = "alias/state"
      key_spec   = "AES_256"

      assume_role = {
        role_arn = "arn:aws:iam::1:role/state"
      }

      endpoints {
        sts = "https://sts.example.com"
      }
    }

    method "aes_gcm" "new" {
      keys = key_provider.pbkdf2.passphrase
    }

    method "aes_gcm" "old" {
      keys = key_provider.pbkdf2.old
    }

    method "unencrypted" "migrate" {}

    state {
      enforced = true
      method   = method.aes_gcm.new

      fallback {
        method = method.aes_gcm.old

        fallback {
          method = method.unencrypted.migrate
        }
      }
    }

    plan {
      method = method.aes_gcm.new
    }

    remote_state_data_sources {
      default {
        method = method.aes_gcm.new
      }

      remote_state_data_source "base" {
        method = method.aes_gcm.old

        fallback {
          method = method.unencrypted.migrate
        }
      }
    }
  }
}
