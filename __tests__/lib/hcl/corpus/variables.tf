variable "plain" {}

variable "all" {
  description = "What $${it} is"
  type        = list(object({ name = string, size = optional(number, 3) }))
  sensitive   = true
  nullable    = false
  ephemeral   = false

  default = [
    {
      name = "$${literal}"
      size = -1
    },
  ]

  validation {
    condition     = length(var.all) > 0
    error_message = "At least one, not ${length(var.all)}."
  }

  validation {
    condition     = true
    error_message = "No."
  }
}

variable "nothing" {
  type    = string
  default = null
}

variable "any" {
  type    = any
  default = {}
}

variable "text" {
  type    = string
  default = ""
}
