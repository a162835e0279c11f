locals {
  object = {
    plain          = 1
    with-dash      = 2
    "with space"   = 3
    "dotted.key/x" = 4
    "1st"          = 5
    ""             = 6
    "for"          = 7
    "null"         = 8
    "true"         = 9
    "ключ"         = 10
    "$${x}"        = 11
    "a${var.k}"    = 12
    (var.k)        = 13
    "//"           = 14
    "a = b"        = 15
    "q\""          = 16
  }
}
