resource "sdk_thing" "a" {
  connection {
    type = "ssh"
    host = self.ip
  }

  provisioner "local-exec" {
    command    = "echo \"${self.id}\" > 'f'"
    when       = destroy
    on_failure = continue

    environment = {
      A = "b"
    }
  }

  provisioner "remote-exec" {
    inline = ["a", "b"]

    connection {
      host = "h"
    }
  }

  provisioner "local-exec" {
    command = "x"
  }

  provisioner "local-exec" {
    command = "y"
  }
}
