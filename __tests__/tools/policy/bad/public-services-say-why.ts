import type { BadStacks } from "../../../support/bad-stacks";
import { soundRun } from "../../../support/cloud-run";

export default {
  "a service without the question who calls": (bad) =>
    bad.raw("google_cloud_run_v2_service", { ...soundRun(bad.labels), invoker_iam_disabled: true }),
  "one that says it without a reason": (bad) =>
    bad.raw("google_cloud_run_v2_service", {
      ...soundRun(bad.labels),
      invoker_iam_disabled: true,
      description: "Public: ",
    }),
} satisfies BadStacks;
