import { DataGoogleClientConfig } from "@cdktf/provider-google/lib/data-google-client-config";
import { DataGoogleSecretManagerSecretVersion } from "@cdktf/provider-google/lib/data-google-secret-manager-secret-version";
import { SqlSslCert } from "@cdktf/provider-google/lib/sql-ssl-cert";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Password } from "@cdktf/provider-random/lib/password";
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
  "a password that Terraform makes up": ({ stack }) => void new Password(stack, "password", { length: 32 }),
  "a write-only password that comes from the code": ({ stack }) =>
    void new SqlUser(stack, "user", { ...user, passwordWo: "correct horse", passwordWoVersion: 1 }),
  "the value of a secret, read": ({ stack }) =>
    void new DataGoogleSecretManagerSecretVersion(stack, "secret", { secret: "api-key" }),
  "an access token": ({ stack }) => void new DataGoogleClientConfig(stack, "client", {}),
  "a client certificate, whose private key Google makes up": ({ stack }) =>
    void new SqlSslCert(stack, "cert", { instance: "shop", commonName: "web" }),
  "a secret of Kubernetes": ({ stack }) =>
    void new SecretV1(stack, "secret", { metadata: { name: "api" }, data: { key: "value" } }),
  "an output that hands a password on": ({ stack }) =>
    stack.output("url", { value: "postgresql://web:horse@10.3.0.3/shop", sensitive: true }),
} satisfies BadStacks;
