import { protectionsOf, secretsOf } from "../../../tools/report/safety";
import { synthesizeProgram, synthesizeStack } from "../../support/program";

describe("protections", () => {
  const of = (stack: string, what: string) =>
    protectionsOf(synthesizeStack(stack).json).find((protection) => protection.what === what);

  test("production's data is protected in Terraform and by the API, and its backups are named", () => {
    expect(of("production", "google_sql_database_instance.sql")).toEqual({
      what: "google_sql_database_instance.sql",
      inTerraform: true,
      byProvider: true,
      kept: "30 daily backups, any point in time of 7 days, backups outlive the instance",
    });
    expect(of("production", "google_container_cluster.cluster")).toMatchObject({
      inTerraform: true,
      byProvider: true,
    });
    expect(of("production", "google_kms_crypto_key (4)")).toMatchObject({
      inTerraform: true,
      byProvider: undefined,
    });
    expect(of("production", "google_storage_bucket.audit_archive_archive")?.kept).toBe(
      "objects, for 400 days",
    );
  });

  test("staging's database says that it is not protected", () => {
    expect(of("staging-base", "google_sql_database_instance.sql")).toMatchObject({
      inTerraform: false,
      byProvider: false,
      kept: expect.stringMatching(/^7 daily backups, no point-in-time recovery/),
    });
  });

  test("a bucket is kept as long as its objects are retained, or can be restored after they were deleted", () => {
    const kept = (args: object) =>
      protectionsOf({ resource: { google_storage_bucket: { data: { ...args } } } })[0]?.kept;
    const retention_policy = { retention_period: 864_000 };
    const soft = (retention_duration_seconds: number) => ({
      soft_delete_policy: { retention_duration_seconds },
    });
    expect(kept({ retention_policy, ...soft(604_800) })).toBe("objects, for 10 days");
    expect(kept(soft(604_800))).toBe("objects, for 7 days");
    expect(kept(soft(0))).toBe("nothing");
  });

  test("a database without backups says so, and what holds nothing is left out", () => {
    const settings = { backup_configuration: { enabled: false } };
    const json = {
      resource: { google_sql_database_instance: { a: { settings } }, google_sql_user: { u: {} } },
    };
    expect(protectionsOf(json)).toEqual([
      {
        what: "google_sql_database_instance.a",
        inTerraform: false,
        byProvider: false,
        kept: "nothing: no backups",
      },
    ]);
  });

  test("what is protected is shown whatever its type", () => {
    const json = { resource: { google_tpu_node: { one: { lifecycle: { prevent_destroy: true } } } } };
    expect(protectionsOf(json)).toMatchObject([{ what: "google_tpu_node.one", inTerraform: true }]);
  });
});

describe("secrets", () => {
  const secrets = secretsOf(new Map([...synthesizeProgram()].map(([name, { json }]) => [name, json])));
  const of = (stack: string, name: string) =>
    secrets.find((secret) => secret.stack === stack && secret.name === name);

  test("each secret is named once for its project", () => {
    expect(secrets.map(({ stack, name }) => `${stack} ${name}`).sort()).toEqual([
      "production anthropic-api-key",
      "production cloudflare-api-token",
      "production github-app-private-key",
      "production plue-prod-db-password",
      "staging-base anthropic-api-key",
      "staging-base cloudflare-api-token",
      "staging-base github-app-private-key",
      "staging-base plue-staging-db-password",
    ]);
  });

  test("who reads it is found in the same stack and, by project and name, in others", () => {
    expect(of("production", "anthropic-api-key")?.readers).toEqual(["google_service_account.application"]);
    expect(of("staging-base", "anthropic-api-key")?.readers).toHaveLength(2);
    expect(of("staging-base", "cloudflare-api-token")?.readers).toEqual([]);
  });

  test("only the administrator's password is written by Terraform", () => {
    expect(secrets.filter(({ writtenByTerraform }) => writtenByTerraform).map(({ name }) => name)).toEqual([
      "plue-prod-db-password",
      "plue-staging-db-password",
    ]);
  });
});
