import { KmsKeys } from "../../../../lib/google/kms";
import type { BadStacks } from "../../../support/bad-stacks";

const key =
  (rotationDays: number): BadStacks[string] =>
  ({ stack, projectId, labels }) =>
    void new KmsKeys(stack, "keys", {
      projectId,
      location: "us-central1",
      name: "shop",
      keys: { sql: { rotationDays } },
      labels,
    });

export default {
  "a key for ten years": key(3650),
  "a key for ever": (bad) => {
    (key(90) as (stack: typeof bad) => void)(bad);
    bad.override("keys/sql/Resource", "rotation_period", undefined);
  },
} satisfies BadStacks;
