import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Bad, BadStacks } from "../../../support/bad-stacks";

const alices = (build: Bad): BadStacks[string] => ({ in: "staging-alice", build });
const override = (path: string, value: unknown) => alices(({ stack }) => stack.addOverride(path, value));
const exec = (args: readonly string[]) => ({ command: "gke-gcloud-auth-plugin", args });

export default {
  "a state that whoever runs it reads": override("terraform.backend.gcs.impersonate_service_account", null),
  "a state that another's deployer reads": override(
    "terraform.backend.gcs.impersonate_service_account",
    "tf-staging-bob@plue-staging.iam.gserviceaccount.com",
  ),
  "Google's provider as who runs it": override("provider.google", [{ project: "plue-staging" }]),
  "Google's provider as somebody fixed": override("provider.google", [
    {
      project: "plue-staging",
      impersonate_service_account: "terraform-apply@plue-staging.iam.gserviceaccount.com",
    },
  ]),
  "Kubernetes' provider as who runs it": override("provider.kubernetes", [
    { exec: [exec(["--use_application_default_credentials"])] },
  ]),
  "Helm's provider as who runs it": override("provider.helm", [
    { kubernetes: { exec: exec(["--use_application_default_credentials"]) } },
  ]),
  "both flags of the plug-in, of which it heeds the wrong one": override("provider.helm", [
    {
      kubernetes: {
        exec: exec([
          "--impersonate_service_account=${var.acting_as}",
          "--use_application_default_credentials",
        ]),
      },
    },
  ]),
  "another deployer by default": override(
    "variable.acting_as.default",
    "tf-staging-bob@plue-staging.iam.gserviceaccount.com",
  ),
  "whom one likes": override("variable.acting_as.validation", "none"),
  "a provider that has other credentials": alices(({ stack }) => void new RandomProvider(stack, "random")),
} satisfies BadStacks;
