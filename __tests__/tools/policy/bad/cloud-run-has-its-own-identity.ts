import type { BadStacks } from "../../../support/bad-stacks";
import { soundRun } from "../../../support/cloud-run";

const account =
  (service_account: string | undefined, type: string): BadStacks[string] =>
  (bad) => {
    const { template, ...run } = soundRun(bad.labels, {}, { service_account });
    bad.raw(type, { ...run, template: type.endsWith("_job") ? { template } : template });
  };

export default {
  "a service with none": account(undefined, "google_cloud_run_v2_service"),
  "a job with the default one": account(
    "1234-compute@developer.gserviceaccount.com",
    "google_cloud_run_v2_job",
  ),
  "a worker pool with App Engine's": account(
    "acme-prod@appspot.gserviceaccount.com",
    "google_cloud_run_v2_worker_pool",
  ),
} satisfies BadStacks;
