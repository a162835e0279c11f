resource "sdk_thing" "a" {
  name = "x"

  lifecycle {
    create_before_destroy = true
    prevent_destroy       = false
    ignore_changes        = [labels["a"], block[0].size]
    replace_triggered_by  = [sdk_thing.b, sdk_thing.b.id]

    precondition {
      condition     = var.x != ""
      error_message = "x is empty"
    }

    postcondition {
      condition     = self.id != "${var.x}"
      error_message = "x is ${self.id}"
    }
  }
}

resource "sdk_thing" "all" {
  lifecycle {
    ignore_changes = all
  }
}
