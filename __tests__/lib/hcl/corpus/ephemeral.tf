ephemeral "framework_password" "p" {
  length  = 32
  special = false
}

resource "sdk_thing" "a" {
  secret_wo         = ephemeral.framework_password.p.result
  secret_wo_version = 1
}
