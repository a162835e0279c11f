# The rules that tflint brings, all of them; nothing to download.
plugin "terraform" {
  enabled = true
  preset  = "all"
}

# Wants empty files too: a rendered stack has none that would hold nothing.
rule "terraform_standard_module_structure" {
  enabled = false
}
