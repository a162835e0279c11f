import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "the state of production": ({ stack }) => stack.addOverride("terraform.backend.gcs.prefix", "production"),
  "a state on the laptop": ({ stack }) => stack.addOverride("terraform.backend.gcs", undefined),
} satisfies BadStacks;
