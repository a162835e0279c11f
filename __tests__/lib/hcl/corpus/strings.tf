locals {
  quotes   = "say \"hi\" and \\n"
  controls = "tab\there\u0000\u007f"
  lines    = "a\nb"
  crlf     = "a\r\nb\r\n"
  unicode  = "é 😀 \u2028"
  dollar   = "costs $5, 100 % of $ { }"
  ends     = "$"
  json     = "{\"a\": [\"b\", \"${var.x}\"]}"
  regex    = "^\\d+\\\\$"
}
