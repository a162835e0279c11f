locals {
  one_line = "one\n"
  no_end   = "a\nb"
  marker   = "a\nEOT\nb\n"
  carriage = "a\r\nb\r\n"
  after    = 1
  list     = ["a\nb\n"]

  text = <<-EOT
    first
      second

    third "quoted" \ ${var.x} $${y}
  EOT

  indented = <<EOT
  both
  lines
EOT

  object = {
    yaml = <<-EOT
      a:
        - b
    EOT
    x    = 1
  }
}
