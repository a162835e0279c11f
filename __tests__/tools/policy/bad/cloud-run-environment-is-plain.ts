import type { BadStacks } from "../../../support/bad-stacks";
import { soundRun } from "../../../support/cloud-run";

const variable =
  (name: string, of: object, type = "google_cloud_run_v2_service"): BadStacks[string] =>
  (bad) =>
    bad.raw(
      type,
      soundRun(bad.labels, {
        env: [
          { name: "LOG_LEVEL", value: "INFO" },
          { name, ...of },
        ],
      }),
    );
const reference = (version?: string) => ({
  value_source: { secret_key_ref: { secret: "database-url", version } },
});

export default {
  "a key of an API": variable("STRIPE_SECRET_KEY", { value: "0123" }),
  "the same of a worker pool": variable("JWT_SECRET", { value: "x" }, "google_cloud_run_v2_worker_pool"),
  "a password by its name": variable("PGPASSWORD", { value: "x" }),
  "a URL with a user": variable("DATABASE_URL", { value: "postgres://shop@10.3.0.4/shop" }),
  "a secret in whatever version there is": variable("DATABASE_URL", reference("latest")),
  "a secret in no version": variable("DATABASE_URL", reference()),
} satisfies BadStacks;
