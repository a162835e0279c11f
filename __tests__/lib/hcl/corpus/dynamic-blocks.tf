resource "sdk_thing" "a" {
  name = "x"

  block {
    dynamic "other_block" {
      for_each = ["a", "b"]

      content {
        name = other_block.value
      }
    }
  }

  dynamic "block" {
    for_each = var.list
    iterator = each

    content {
      name = each.value

      other_block {
        size = each.key
      }
    }
  }
}
