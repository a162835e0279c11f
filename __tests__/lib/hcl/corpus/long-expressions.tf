locals {
  list = ["first-of-the-names-in-this-list", "second-of-the-names-in-this-list", "third-of-the-names-in-this-list"]
  text = "a text that is long, and stays on a line, as there is no place to break it: ${join(", ", [var.first_of_the_arguments, var.second])}"

  call = merge(
    var.first_of_the_arguments,
    var.second_of_the_arguments,
    { key = var.third, other = [1, 2] },
    var.fourth
  )

  single = length(setsubtract(
    ["first-of-the-names", "second-of-the-names", "third-of-the-names"],
    keys(var.names)
  )) == 0

  object = jsonencode({
    "first"      = var.first_of_the_arguments
    "second_key" = [var.second_of_the_arguments]
    "third"      = { a = 1 }
  })
}
