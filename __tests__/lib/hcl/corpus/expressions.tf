locals {
  negative          = -var.a
  not               = !var.a
  conditional       = var.a ? 1 : 2
  call              = merge(var.a, { x = 1, "y" : 2 })
  splat             = var.a[*].b[0].c.*.d
  for_list          = [for x in var.a : x if x != null]
  for_object        = { for k, v in var.a : k => v... }
  provider_function = provider::sdk::f(1)
}
