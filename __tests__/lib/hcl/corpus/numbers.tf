locals {
  zero     = 0
  negative = -5
  fraction = 0.1
  small    = 1e-7
  large    = 1e+21
  integer  = 9007199254740991
  list     = [-1, 1.5]
}
