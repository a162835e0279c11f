moved {
  from = sdk_thing.a
  to   = sdk_thing.b["k"]
}

moved {
  from = module.x.sdk_thing.a
  to   = sdk_thing.c
}

import {
  provider = sdk.eu
  to       = sdk_thing.a
  id       = "projects/${var.p}/x"
}

import {
  to = sdk_thing.b[each.key]
  id = each.value

  for_each = {
    a = "1"
  }
}

removed {
  from = sdk_thing.old

  lifecycle {
    destroy = false
  }
}
