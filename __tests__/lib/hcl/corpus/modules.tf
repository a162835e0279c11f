module "m" {
  count   = 1
  source  = "./modules/m"
  version = "1.2.3"
  name    = "x-${var.y}"

  providers = {
    sdk      = sdk.eu
    sdk.beta = sdk
  }

  block = {
    is = [
      "an",
      {
        input = "here"
      },
    ]
  }

  depends_on = [sdk_thing.a]
}
