import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { KmsKeys, type KmsKeysProps, keyRingLocation } from "../../../lib/google/kms";
import { ProjectServices } from "../../../lib/google/project-services";
import { synthesize } from "../../support/synth";

type Keys = NonNullable<KmsKeysProps["keys"]>;

function build(keys: Keys, then?: (keys: KmsKeys, stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const googleBeta = new GoogleBetaProvider(stack, "google-beta", {});
    const construct = new KmsKeys(stack, "keys", {
      projectId: "project",
      location: "us-central1",
      name: "ring",
      keys,
      googleBeta,
      labels: { environment: "production" },
    });
    then?.(construct, stack);
  });
}

const GRANT = "google_kms_crypto_key_iam_member";
const AGENT = "google_project_service_identity";

describe("KmsKeys", () => {
  test("is a ring with a key for each name", () => {
    const stack = build({ sql: {}, secrets: {} });
    expect(stack.resource("google_kms_key_ring", "keys")).toMatchObject({
      project: "project",
      location: "us-central1",
      name: "ring",
    });
    expect(Object.keys(stack.resources("google_kms_crypto_key"))).toEqual(["keys_secrets", "keys_sql"]);
    expect(stack.resource("google_kms_crypto_key", "keys_sql")).toMatchObject({
      name: "sql",
      key_ring: "${google_kms_key_ring.keys.id}",
      purpose: "ENCRYPT_DECRYPT",
      rotation_period: "7776000s",
      version_template: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protection_level: "SOFTWARE" },
      labels: { environment: "production" },
    });
  });

  test("rotates and protects a key as its props say", () => {
    const key = build({ sql: { rotationDays: 30, protectionLevel: "HSM" } }).resource(
      "google_kms_crypto_key",
      "keys_sql",
    );
    expect(key.rotation_period).toBe("2592000s");
    expect(key.version_template.protection_level).toBe("HSM");
  });

  test("never lets ring or key be destroyed", () => {
    const stack = build({ sql: {} });
    expect(stack.resource("google_kms_key_ring", "keys").lifecycle).toEqual({ prevent_destroy: true });
    expect(stack.resource("google_kms_crypto_key", "keys_sql").lifecycle).toEqual({ prevent_destroy: true });
  });

  test("makes ring and keys, unless they are there already: then it imports them", () => {
    expect(build({ sql: {} }).json["import"]).toBeUndefined();
    const adopted = synthesize((stack) => {
      new GoogleProvider(stack, "google", {});
      new KmsKeys(stack, "keys", {
        projectId: "project",
        location: "us-central1",
        name: "ring",
        keys: { state: {} },
        adopt: true,
      });
    });
    const ring = "projects/project/locations/us-central1/keyRings/ring";
    expect(adopted.json["import"]).toEqual([
      { to: "google_kms_key_ring.keys", id: ring },
      { to: "google_kms_crypto_key.keys_state", id: `${ring}/cryptoKeys/state` },
    ]);
  });

  test("lets nobody use a key unless named", () => {
    expect(build({ sql: {} }).resources(GRANT)).toEqual({});
  });

  test("creates a service agent and lets it encrypt and decrypt with the key, and no other", () => {
    const stack = build({ sql: { serviceAgents: ["sqladmin.googleapis.com"] }, other: {} });
    expect(stack.resource(AGENT, "keys_agents_sqladmin")).toEqual({
      provider: "google-beta",
      project: "project",
      service: "sqladmin.googleapis.com",
    });
    expect(Object.keys(stack.resources(GRANT))).toEqual(["keys_sql_sqladmin"]);
    expect(stack.resource(GRANT, "keys_sql_sqladmin")).toEqual({
      crypto_key_id: "${google_kms_crypto_key.keys_sql.id}",
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: "${google_project_service_identity.keys_agents_sqladmin.member}",
    });
  });

  test("declares a service agent once for several keys", () => {
    const agent = { serviceAgents: ["container.googleapis.com"] as const };
    const stack = build({ a: agent, b: agent });
    expect(Object.keys(stack.resources(AGENT))).toEqual(["keys_agents_container"]);
    expect(Object.keys(stack.resources(GRANT))).toEqual(["keys_a_container", "keys_b_container"]);
  });

  test("asks Cloud Storage for its agent, which no identity call names", () => {
    const stack = build({ state: { serviceAgents: ["storage.googleapis.com"] } });
    expect(stack.resources(AGENT)).toEqual({});
    expect(stack.data("google_storage_project_service_account", "keys_agents_storage").project).toBe(
      "project",
    );
    expect(stack.resource(GRANT, "keys_state_storage").member).toBe(
      "${data.google_storage_project_service_account.keys_agents_storage.member}",
    );
  });

  test("lets other members use a key by a name of one's own", () => {
    const stack = build({
      sql: { users: { backup: "serviceAccount:backup@project.iam.gserviceaccount.com" } },
    });
    expect(stack.resource(GRANT, "keys_sql_backup").member).toBe(
      "serviceAccount:backup@project.iam.gserviceaccount.com",
    );
  });

  test("hands out a key with the grants that its consumers wait for", () => {
    const { outputs } = build(
      { sql: { serviceAgents: ["sqladmin.googleapis.com"], users: { backup: "user:b@example.com" } } },
      (keys, stack) => {
        const { id, grants, location } = keys.key("sql");
        expect(location).toBe("us-central1");
        expect(id).toBe(keys.keyIds["sql"]);
        expect(grants).toHaveLength(2);
        new TerraformOutput(stack, "id", { value: id });
        new TerraformOutput(stack, "grants", { value: grants.map(({ fqn }) => fqn) });
      },
    );
    expect(outputs["id"]?.["value"]).toBe("${google_kms_crypto_key.keys_sql.id}");
    expect(outputs["grants"]?.["value"]).toEqual([
      "${google_kms_crypto_key_iam_member.keys_sql_sqladmin}",
      "${google_kms_crypto_key_iam_member.keys_sql_backup}",
    ]);
  });

  test("needs no google-beta for Cloud Storage's service agent", () => {
    const without = (keys: Keys) =>
      synthesize((stack) => {
        new GoogleProvider(stack, "google", {});
        new KmsKeys(stack, "keys", { projectId: "p", location: "us-central1", name: "ring", keys });
      });
    expect(() => without({ state: { serviceAgents: ["storage.googleapis.com"] } })).not.toThrow();
  });

  test.each([
    ["us-central1", "us-central1"],
    ["US-CENTRAL1", "us-central1"],
    ["US", "us"],
    ["EU", "europe"],
    ["ASIA", "asia"],
    ["NAM4", "nam4"],
    ["EUR4", "eur4"],
    ["global", "global"],
  ])("what is in %s has its keys in %s", (location, ring) => {
    expect(keyRingLocation(location)).toBe(ring);
  });

  test("puts the ring to where what it encrypts is, and imports it from there", () => {
    const { json } = synthesize((stack) => {
      new GoogleProvider(stack, "google", {});
      new KmsKeys(stack, "keys", {
        projectId: "project",
        location: "US",
        name: "ring",
        keys: { backups: { serviceAgents: ["storage.googleapis.com"] } },
        adopt: true,
      });
    });
    expect(json.resource.google_kms_key_ring.keys.location).toBe("us");
    expect(json["import"][0].id).toBe("projects/project/locations/us/keyRings/ring");
  });

  test("asks BigQuery for its agent, which no identity call names", () => {
    const stack = build({ logs: { serviceAgents: ["bigquery.googleapis.com"] } });
    expect(stack.resources(AGENT)).toEqual({});
    expect(stack.data("google_bigquery_default_service_account", "keys_agents_bigquery").project).toBe(
      "project",
    );
    expect(stack.resource(GRANT, "keys_logs_bigquery").member).toBe(
      "${data.google_bigquery_default_service_account.keys_agents_bigquery.member}",
    );
  });

  test("calls Memorystore's agent after the project's number, once its API has made it", () => {
    const stack = synthesize((scope) => {
      new GoogleProvider(scope, "google", {});
      new ProjectServices(scope, "services", {
        projectId: "project",
        services: ["cloudkms.googleapis.com", "redis.googleapis.com", "serviceusage.googleapis.com"],
      });
      new KmsKeys(scope, "keys", {
        projectId: "project",
        location: "us-central1",
        name: "ring",
        keys: { redis: { serviceAgents: ["redis.googleapis.com"] } },
      });
    });
    expect(stack.data("google_project", "keys_agents_redis")).toEqual({
      project_id: "project",
      depends_on: ["google_project_service.services_redis"],
    });
    expect(stack.resource(GRANT, "keys_redis_redis").member).toBe(
      "serviceAccount:service-${data.google_project.keys_agents_redis.number}@cloud-redis.iam.gserviceaccount.com",
    );
  });

  describe("a signing key", () => {
    const signing = (key: NonNullable<KmsKeysProps["signingKeys"]>[string] = {}, adopt = false) =>
      synthesize((stack) => {
        new GoogleProvider(stack, "google", {});
        const keys = new KmsKeys(stack, "keys", {
          projectId: "project",
          location: "us-central1",
          name: "ring",
          signingKeys: { attestor: key },
          labels: { environment: "production" },
          adopt,
        });
        const { id, versionId, publicKeyPem, algorithm, grants } = keys.signingKey("attestor");
        stack.outputs({
          id: { value: id },
          version: { value: versionId },
          public_key: { value: publicKeyPem },
          algorithm: { value: algorithm },
          grants: { value: grants.map(({ fqn }) => fqn) },
        });
      });

    test("signs, does not rotate, and is never destroyed", () => {
      expect(signing().resource("google_kms_crypto_key", "keys_attestor")).toEqual({
        name: "attestor",
        key_ring: "${google_kms_key_ring.keys.id}",
        purpose: "ASYMMETRIC_SIGN",
        version_template: { algorithm: "EC_SIGN_P256_SHA256", protection_level: "SOFTWARE" },
        labels: { environment: "production" },
        lifecycle: { prevent_destroy: true },
      });
      expect(
        signing({ algorithm: "RSA_SIGN_PSS_4096_SHA512", protectionLevel: "HSM" }).resource(
          "google_kms_crypto_key",
          "keys_attestor",
        ).version_template,
      ).toEqual({ algorithm: "RSA_SIGN_PSS_4096_SHA512", protection_level: "HSM" });
    });

    test("is imported, where it is there already", () => {
      expect(signing({}, true).json["import"]).toContainEqual({
        to: "google_kms_crypto_key.keys_attestor",
        id: "projects/project/locations/us-central1/keyRings/ring/cryptoKeys/attestor",
      });
    });

    test("lets its signers sign, and tells its first version's public key", () => {
      const stack = signing({ signers: { ci: "serviceAccount:ci@project.iam.gserviceaccount.com" } });
      expect(stack.resources(GRANT)).toEqual({
        keys_attestor_ci: expect.objectContaining({
          crypto_key_id: "${google_kms_crypto_key.keys_attestor.id}",
          role: "roles/cloudkms.signerVerifier",
          member: "serviceAccount:ci@project.iam.gserviceaccount.com",
        }),
      });
      expect(stack.data("google_kms_crypto_key_version", "keys_attestor_version")).toEqual({
        crypto_key: "${google_kms_crypto_key.keys_attestor.id}",
        version: 1,
      });
      expect(stack.outputs).toMatchObject({
        id: { value: "${google_kms_crypto_key.keys_attestor.id}" },
        version: { value: "${data.google_kms_crypto_key_version.keys_attestor_version.name}" },
        public_key: {
          value: "${data.google_kms_crypto_key_version.keys_attestor_version.public_key[0].pem}",
        },
        algorithm: { value: "EC_SIGN_P256_SHA256" },
        grants: { value: ["${google_kms_crypto_key_iam_member.keys_attestor_ci}"] },
      });
    });
  });
});
