import type { BadStacks } from "../../../support/bad-stacks";

const trigger =
  (args: Readonly<Record<string, unknown>>): BadStacks[string] =>
  (bad) =>
    bad.raw("google_cloudbuild_trigger", {
      name: "main",
      service_account: "projects/p/serviceAccounts/builds@p.iam.gserviceaccount.com",
      ...args,
    });

export default {
  "a step by tag": trigger({ build: { step: [{ id: "test", name: "golang:1.25" }] } }),
  "a step of what another build makes": trigger({
    build: {
      step: [{ id: "migrate", name: "registry.example/shop/server:main" }],
      images: ["registry.example/shop/server:$COMMIT_SHA"],
    },
  }),
  "steps in a file of the repository": trigger({ filename: "cloudbuild.yaml" }),
} satisfies BadStacks;
