resource "sdk_thing" "a" {
  block = var.blocks
}
