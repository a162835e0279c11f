output "a" {
  description = "Costs $${5}"
  value       = sdk_thing.a.id
  sensitive   = true

  precondition {
    condition     = var.on
    error_message = "no"
  }

  depends_on = [sdk_thing.a]
}

output "e" {
  ephemeral = true

  value = {
    list    = [1, "x"]
    nothing = null
  }
}
