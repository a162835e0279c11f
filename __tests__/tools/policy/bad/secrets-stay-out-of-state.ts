import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { TerraformVariable } from "cdktf";
import type { BadStacks } from "../../../support/bad-stacks";

const user = { name: "web", instance: "shop" };

export default {
  "a password that is kept": ({ stack }) =>
    void new SqlUser(stack, "user", { ...user, password: "correct horse" }),
  "a password from a variable, which lands in the plan": ({ stack }) => {
    const password = new TerraformVariable(stack, "db_password", { type: "string", sensitive: true });
    new SqlUser(stack, "user", { ...user, password: password.stringValue });
  },
  "a password that Terraform makes up": (bad) => bad.raw("random_password", { length: 32 }),
  "a write-only password that comes from the code": ({ stack }) =>
    void new SqlUser(stack, "user", { ...user, passwordWo: "correct horse", passwordWoVersion: 1 }),
  "the value of a secret, read": (bad) =>
    bad.raw("data.google_secret_manager_secret_version", { secret: "api-key" }),
  "an access token": (bad) => bad.raw("data.google_client_config"),
  "a client certificate, whose private key Google makes up": (bad) =>
    bad.raw("google_sql_ssl_cert", { instance: "shop", common_name: "web" }),
  "a Redis with a password, which Google makes up": (bad) =>
    bad.raw("google_redis_instance", {
      name: "cache",
      memory_size_gb: 1,
      auth_enabled: true,
      transit_encryption_mode: "SERVER_AUTHENTICATION",
      labels: bad.labels,
    }),
  "a secret of Kubernetes": (bad) =>
    bad.raw("kubernetes_secret_v1", { metadata: { name: "api" }, data: { key: "value" } }),
  "an output that hands a password on": ({ stack }) =>
    stack.output("url", { value: "postgresql://web:horse@10.3.0.3/shop", sensitive: true }),
} satisfies BadStacks;
