import { TerraformHclModule } from "cdktf";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a module from a registry": ({ stack }) =>
    void new TerraformHclModule(stack, "network", {
      source: "terraform-google-modules/network/google",
      version: "9.1.0",
    }),
} satisfies BadStacks;
