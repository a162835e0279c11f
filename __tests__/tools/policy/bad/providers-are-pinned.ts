import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "any later version": ({ stack }) =>
    stack.addOverride("terraform.required_providers.google.version", "~> 6.0"),
  "a provider from anywhere": ({ stack }) =>
    stack.addOverride("terraform.required_providers.null", { version: "3.2.4" }),
  "any Terraform": ({ stack }) => stack.addOverride("terraform.required_version", undefined),
  "a provider that is not required": ({ stack }) => stack.addOverride("provider.null", [{}]),
} satisfies BadStacks;
