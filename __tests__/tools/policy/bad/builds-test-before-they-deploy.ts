import type { BadStacks } from "../../../support/bad-stacks";

const GO = `golang@sha256:${"a".repeat(64)}`;
const build =
  (...step: readonly Readonly<Record<string, unknown>>[]): BadStacks[string] =>
  (bad) =>
    bad.raw("google_cloudbuild_trigger", {
      name: "main",
      service_account: "projects/p/serviceAccounts/builds@p.iam.gserviceaccount.com",
      build: { step: step.map((each) => ({ name: GO, ...each })) },
    });

const TEST = { id: "check", entrypoint: "go", args: ["test", "./..."] };

export default {
  "a deployment alone": build({ args: ["run", "deploy", "api"] }),
  "a deployment beside the tests": build(TEST, { id: "deploy", wait_for: ["-"], script: "./ship" }),
  "tests that may fail": build({ ...TEST, allow_failure: true }, { id: "deploy", args: ["api"] }),
  "a deployment that waits for what waits for nothing": build(
    TEST,
    { id: "image", wait_for: ["-"], args: ["build"] },
    { id: "cluster", wait_for: ["image"], script: "helm upgrade api ." },
  ),
} satisfies BadStacks;
