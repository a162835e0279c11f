locals {
  yes       = true
  no        = false
  zero      = 0
  empty     = ""
  nothing   = null
  list      = []
  object    = {}
  text      = "a"
  reference = var.x

  nested = {
    list = [
      {
        a = [1, [2, 3]]
      },
      local.no,
      null,
    ]
  }
}
