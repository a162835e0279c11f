variable "list" {
  type = list(any)
}

variable "map" {
  type = map(any)
}

variable "set" {
  type = set(any)
}

variable "any" {
  type = any
}

variable "inside" {
  type = object({ a = map(string) })
}

locals {
  comment        = 1 + 2
  expansion      = max(var.a...)
  heredoc        = join(",", ["a \"b\"\n"])
  lines          = merge(var.a, { x = 1, y = 2 })
  quoted         = "a${1}"
  spacing        = var.a + 1 - 2 * (var.b)
  trimmed        = "a  ${~var.x~}  b"
  trimmed_lines  = "a\n${var.x}  b"
  wrapped        = 1
  wrapped_twice  = var.a
  wrapped_beside = "${var.a}${var.b}"
  wrapped_text   = f("${var.a}")
  wrapped_quote  = "a"

  wrapped_inside = {
    a = var.a
  }
}
