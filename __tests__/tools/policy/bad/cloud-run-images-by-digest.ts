import type { BadStacks } from "../../../support/bad-stacks";
import { soundRun } from "../../../support/cloud-run";

export default {
  "a service by a tag": (bad) =>
    bad.raw("google_cloud_run_v2_service", soundRun(bad.labels, { image: "registry.example/shop/api:main" })),
  "a worker pool by what nobody looked up": (bad) =>
    bad.raw("google_cloud_run_v2_worker_pool", soundRun(bad.labels, { image: "registry.example/shop/api" })),
  "a job by a tag beside the name of one by digest": (bad) => {
    const { template, ...job } = soundRun(bad.labels, { image: "shop/api@sha256:0123" });
    bad.raw("google_cloud_run_v2_job", { ...job, template: { template } });
  },
} satisfies BadStacks;
