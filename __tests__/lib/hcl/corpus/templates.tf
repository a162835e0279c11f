locals {
  mixed     = "a-${var.x}-${var.y}"
  escaped   = "$${not} and %%{ not }"
  doubled   = "$$${not}"
  nested    = "${upper("x${lower("Y")}")}!"
  quotes    = "${replace(var.x, "\"", "\\")} \"q\""
  directive = "%{if var.x}yes%{else}no%{endif}"
  loop      = "%{for k, v in var.m}${k}=${v}, %{endfor}"
  object    = "x${ { a = 1 }.a}"
}
