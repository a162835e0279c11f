import type { BadStacks } from "../../../support/bad-stacks";
import { soundRun } from "../../../support/cloud-run";

export default {
  "no check at all": (bad) =>
    bad.raw("google_cloud_run_v2_service", soundRun(bad.labels, { startup_probe: undefined })),
  "one that begins later": (bad) =>
    bad.raw(
      "google_cloud_run_v2_service",
      soundRun(bad.labels, {
        startup_probe: undefined,
        liveness_probe: { http_get: { path: "/health", port: 8080 } },
      }),
    ),
} satisfies BadStacks;
