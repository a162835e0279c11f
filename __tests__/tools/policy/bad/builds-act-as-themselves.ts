import type { BadStacks } from "../../../support/bad-stacks";

const trigger =
  (account?: string): BadStacks[string] =>
  (bad) =>
    bad.raw("google_cloudbuild_trigger", {
      name: "main",
      service_account: account,
      build: { step: [{ id: "test", name: `golang@sha256:${"a".repeat(64)}` }] },
    });

export default {
  "a build without an account": trigger(),
  "a build as Cloud Build's account": trigger(
    "projects/p/serviceAccounts/123456789012@cloudbuild.gserviceaccount.com",
  ),
  "a build as Compute Engine's account": trigger(
    "projects/p/serviceAccounts/123456789012-compute@developer.gserviceaccount.com",
  ),
} satisfies BadStacks;
