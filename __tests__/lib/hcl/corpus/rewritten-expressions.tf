locals {
  comment       = 1 + 2
  expansion     = max(var.a...)
  heredoc       = join(",", ["a \"b\"\n"])
  lines         = merge(var.a, { x = 1, y = 2 })
  quoted        = "a${1}"
  spacing       = var.a + 1 - 2 * (var.b)
  trimmed       = "a  ${~var.x~}  b"
  trimmed_lines = "a\n${var.x}  b"
}
