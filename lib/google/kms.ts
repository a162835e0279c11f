import { DataGoogleBigqueryDefaultServiceAccount } from "@cdktf/provider-google/lib/data-google-bigquery-default-service-account";
import { DataGoogleKmsCryptoKeyVersion } from "@cdktf/provider-google/lib/data-google-kms-crypto-key-version";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { DataGoogleStorageProjectServiceAccount } from "@cdktf/provider-google/lib/data-google-storage-project-service-account";
import { KmsCryptoKey } from "@cdktf/provider-google/lib/kms-crypto-key";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { KmsKeyRing } from "@cdktf/provider-google/lib/kms-key-ring";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { adopt } from "../core/imports";
import { InvalidPropsError, type PropProblem, rejectProps, wholeNumber } from "../core/invalid-props";
import { days } from "../core/props";
import { needsApi } from "./project-services";

/** Cloud KMS key as its consumers take it: what they encrypt must wait until they are allowed to use the key. */
export interface KmsKey {
  /** `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
  readonly id: string;
  /** The key's grants. Whatever is encrypted with the key depends on them. */
  readonly grants: readonly ITerraformDependable[];
}

/** The same, with where it is: some consumers refuse a key from elsewhere. */
export interface LocatedKmsKey extends KmsKey {
  /** Location of its ring. */
  readonly location: string;
}

/** Cloud KMS key that signs, as those take it who check signatures or let others sign. */
export interface KmsSigningKey {
  /** `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
  readonly id: string;
  /** Its first version, which signs: `…/cryptoKeys/<key>/cryptoKeyVersions/1`. */
  readonly versionId: string;
  /** The version's public key, PEM. */
  readonly publicKeyPem: string;
  readonly algorithm: SigningAlgorithm;
  /** The key's grants. Whoever signs in an apply depends on them. */
  readonly grants: readonly ITerraformDependable[];
}

/**
 * Google services whose service agent, their own identity in a project, encrypts and decrypts: Artifact Registry, BigQuery,
 * GKE (Kubernetes secrets), Pub/Sub, Memorystore for Redis, Secret Manager, Cloud SQL and Cloud Storage (buckets).
 *
 * Others, such as Compute Engine, do not tell their agent's address when asked; name it in `users`.
 */
export type ServiceAgent =
  | "artifactregistry.googleapis.com"
  | "bigquery.googleapis.com"
  | "container.googleapis.com"
  | "pubsub.googleapis.com"
  | "redis.googleapis.com"
  | "secretmanager.googleapis.com"
  | "sqladmin.googleapis.com"
  | "storage.googleapis.com";

export interface KmsKeyProps {
  /**
   * Days between automatic rotations. Older versions stay, and go on decrypting what they encrypted.
   * @default 90
   */
  readonly rotationDays?: number;
  /** Services whose service agents may encrypt and decrypt. @default none */
  readonly serviceAgents?: readonly ServiceAgent[];
  /**
   * Further IAM members that may encrypt and decrypt, by a short name of one's own
   * (`{backup: "serviceAccount:backup@…"}`).
   * @default none
   */
  readonly users?: Record<string, string>;
  /**
   * Where the key material is kept; HSM costs many times as much as SOFTWARE. Cannot be changed later.
   * @default "SOFTWARE"
   */
  readonly protectionLevel?: "SOFTWARE" | "HSM";
}

/** Elliptic curves, and RSA for verifiers that know nothing else. */
export type SigningAlgorithm =
  | "EC_SIGN_P256_SHA256"
  | "EC_SIGN_P384_SHA384"
  | "RSA_SIGN_PSS_2048_SHA256"
  | "RSA_SIGN_PSS_3072_SHA256"
  | "RSA_SIGN_PSS_4096_SHA512"
  | "RSA_SIGN_PKCS1_2048_SHA256"
  | "RSA_SIGN_PKCS1_3072_SHA256"
  | "RSA_SIGN_PKCS1_4096_SHA512";

export interface KmsSigningKeyProps {
  /** Cannot be changed later. @default "EC_SIGN_P256_SHA256" */
  readonly algorithm?: SigningAlgorithm;
  /**
   * IAM members that may sign, and read the public key, by a short name of one's own (`{ci: "serviceAccount:ci@…"}`).
   * @default none
   */
  readonly signers?: Record<string, string>;
  /** As of a key that encrypts. @default "SOFTWARE" */
  readonly protectionLevel?: "SOFTWARE" | "HSM";
}

export interface KmsKeysProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * Location of what they encrypt, as that is called there: a database's or cluster's region (`us-central1`), a bucket's
   * or dataset's location (`US`, `NAM4`). The ring's follows from it: see {@link keyRingLocation}. `global` is for
   * secrets with automatic replication alone. Cannot be changed later.
   */
  readonly location: string;
  /** Name of the key ring. Taken for ever: see the class. */
  readonly name: string;
  /** The keys that encrypt, by name. @default none */
  readonly keys?: Record<string, KmsKeyProps>;
  /** The keys that sign, by name. @default none */
  readonly signingKeys?: Record<string, KmsSigningKeyProps>;
  /**
   * google-beta, which alone can create a service agent. Needed where a key has service agents besides those of Cloud
   * Storage, BigQuery and Memorystore for Redis.
   * @default none
   */
  readonly googleBeta?: TerraformProvider;
  /**
   * Ring and keys are there already: import blocks take them into the state, and do nothing afterwards.
   * @default false, they are made
   */
  readonly adopt?: boolean;
  /** Labels of the keys; rings have none. @default none */
  readonly labels?: Record<string, string>;
}

/** Service agents that no provider has to create: two are made when they are asked for, one with its API. */
const ASKED: ReadonlySet<ServiceAgent> = new Set([
  "bigquery.googleapis.com",
  "redis.googleapis.com",
  "storage.googleapis.com",
]);

/**
 * Location of the key ring for what is in a location: `us` for a bucket in `US`, `europe` for one in `EU`, `nam4` for
 * `NAM4`, and a region for itself. Google refuses a key from anywhere else.
 * @see https://cloud.google.com/kms/docs/locations
 */
export function keyRingLocation(location: string): string {
  const lower = location.toLowerCase();
  return lower === "eu" ? "europe" : lower;
}

/**
 * Cloud KMS key ring with customer-managed encryption keys (CMEK) and signing keys, and IAM for who uses each.
 *
 * Nothing here can be destroyed (`prevent_destroy`): without the key its data is lost. Google never frees the name
 * of a ring or a key, so after `terraform state rm` a new apply meets a 409; `terraform import` takes both back.
 *
 * A signing key does not rotate: whoever checks signatures knows one version. Another one is another key.
 *
 * A new grant can take minutes to work everywhere. When the first apply fails with "permission denied" on a key,
 * apply again.
 *
 * Source: OctoLLM document, section "Data Encryption"; Copy-That document, section "State Management Enhancement".
 * @see https://cloud.google.com/kms/docs/cmek
 * @throws when a rotation period is no whole number of days, `googleBeta` is missing, a name is given twice, or a key in
 *   `global` is for anything but Secret Manager
 * @example
 * ```ts
 * const keys = new KmsKeys(stack, "keys", {
 *   projectId: "acme-prod",
 *   location: "us-central1",
 *   name: "acme-prod",
 *   keys: { registry: { serviceAgents: ["artifactregistry.googleapis.com"], rotationDays: 90 } },
 *   googleBeta: googleBetaProvider(stack, { projectId: "acme-prod", region: "us-central1" }),
 * });
 * new ArtifactRegistry(stack, "images", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop",
 *   encryptionKey: keys.key("registry"),
 *   deletionProtection: true,
 * });
 * ```
 */
export class KmsKeys extends Construct {
  /** Resource name of each key, by the name it has in `keys`. Consumers in the same stack take `key()` instead. */
  readonly keyIds: Record<string, string>;
  private readonly byName: ReadonlyMap<string, LocatedKmsKey>;
  private readonly signing: ReadonlyMap<string, KmsSigningKey>;

  constructor(scope: Construct, id: string, props: KmsKeysProps) {
    super(scope, id);
    rejectProps(this, problems(props));

    const ring = new KmsKeyRing(this, "Resource", {
      project: props.projectId,
      location: keyRingLocation(props.location),
      name: props.name,
      lifecycle: { preventDestroy: true },
    });
    if (props.adopt) adopt(ring, ringName(props));
    const agents = new ServiceAgents(this, "agents", props.projectId, props.googleBeta);
    const declaration = (name: string) => ({ name, scope: new Construct(this, name), ring, props });
    this.byName = new Map(
      Object.entries(props.keys ?? {}).map(([name, key]) => [
        name,
        declareKey(key, agents, declaration(name)),
      ]),
    );
    this.signing = new Map(
      Object.entries(props.signingKeys ?? {}).map(([name, key]) => [
        name,
        declareSigningKey(key, declaration(name)),
      ]),
    );
    this.keyIds = Object.fromEntries([...this.byName].map(([name, { id }]) => [name, id]));
  }

  /**
   * A key for a consumer in the same stack, such as `CloudSqlProps.encryptionKey`.
   * @throws when there is no such key
   */
  key(name: string): LocatedKmsKey {
    return this.find("keys", this.byName, name);
  }

  /**
   * A key that signs, for what checks its signatures.
   * @throws when there is no such key
   */
  signingKey(name: string): KmsSigningKey {
    return this.find("signingKeys", this.signing, name);
  }

  private find<Key>(prop: string, keys: ReadonlyMap<string, Key>, name: string): Key {
    const key = keys.get(name);
    if (key) return key;
    const there = [...keys.keys()].join(", ");
    throw new InvalidPropsError(this.node.path, [
      {
        prop: [prop],
        problem: `has no key "${name}"`,
        instead: there ? `add it, or take one of ${there}` : "add it",
      },
    ]);
  }
}

interface Declaration {
  readonly name: string;
  readonly scope: Construct;
  readonly ring: KmsKeyRing;
  readonly props: KmsKeysProps;
}

function declareKey(key: KmsKeyProps, agents: ServiceAgents, declaration: Declaration): LocatedKmsKey {
  const { name, scope, ring, props } = declaration;
  const cryptoKey = new KmsCryptoKey(scope, "Resource", {
    name,
    keyRing: ring.id,
    purpose: "ENCRYPT_DECRYPT",
    rotationPeriod: days(key.rotationDays ?? 90),
    versionTemplate: {
      algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
      protectionLevel: key.protectionLevel ?? "SOFTWARE",
    },
    labels: props.labels,
    lifecycle: { preventDestroy: true },
  });
  adoptKey(cryptoKey, declaration);
  const members = {
    ...Object.fromEntries(
      (key.serviceAgents ?? []).map((service) => [shortName(service), agents.member(service)]),
    ),
    ...key.users,
  };
  const grants = grant(scope, cryptoKey, "roles/cloudkms.cryptoKeyEncrypterDecrypter", members);
  return { id: cryptoKey.id, grants, location: keyRingLocation(props.location) };
}

function declareSigningKey(key: KmsSigningKeyProps, declaration: Declaration): KmsSigningKey {
  const { name, scope, ring, props } = declaration;
  const algorithm = key.algorithm ?? "EC_SIGN_P256_SHA256";
  const cryptoKey = new KmsCryptoKey(scope, "Resource", {
    name,
    keyRing: ring.id,
    // Google refuses a rotation period with it.
    purpose: "ASYMMETRIC_SIGN",
    versionTemplate: { algorithm, protectionLevel: key.protectionLevel ?? "SOFTWARE" },
    labels: props.labels,
    lifecycle: { preventDestroy: true },
  });
  adoptKey(cryptoKey, declaration);
  // Not the latest: a version that somebody adds by hand would change what every signature is checked with.
  const version = new DataGoogleKmsCryptoKeyVersion(scope, "version", {
    cryptoKey: cryptoKey.id,
    version: 1,
  });
  return {
    id: cryptoKey.id,
    versionId: version.name,
    publicKeyPem: version.publicKey.get(0).pem,
    algorithm,
    grants: grant(scope, cryptoKey, "roles/cloudkms.signerVerifier", key.signers ?? {}),
  };
}

function adoptKey(key: KmsCryptoKey, { name, props }: Declaration): void {
  if (props.adopt) adopt(key, `${ringName(props)}/cryptoKeys/${name}`);
}

function grant(scope: Construct, key: KmsCryptoKey, role: string, members: Record<string, string>) {
  return Object.entries(members).map(
    ([name, member]) => new KmsCryptoKeyIamMember(scope, name, { cryptoKeyId: key.id, role, member }),
  );
}

/** The project's service agents, each declared once, when a key first needs it. */
class ServiceAgents extends Construct {
  private readonly members = new Map<ServiceAgent, string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly projectId: string,
    private readonly googleBeta?: TerraformProvider,
  ) {
    super(scope, id);
  }

  member(service: ServiceAgent): string {
    const known = this.members.get(service);
    if (known !== undefined) return known;
    const member = this.declare(service).member;
    this.members.set(service, member);
    return member;
  }

  private declare(service: ServiceAgent): { readonly member: string } {
    // These two make their agent when they are asked for its address; the general call makes it and tells none.
    if (service === "storage.googleapis.com")
      return new DataGoogleStorageProjectServiceAccount(this, shortName(service), {
        project: this.projectId,
      });
    if (service === "bigquery.googleapis.com")
      return new DataGoogleBigqueryDefaultServiceAccount(this, shortName(service), {
        project: this.projectId,
      });
    if (service === "redis.googleapis.com") {
      // Made with its API and called after the project's number; no call tells its address.
      const project = new DataGoogleProject(this, shortName(service), { projectId: this.projectId });
      const { number } = needsApi(project, service);
      return { member: `serviceAccount:service-${number}@cloud-redis.iam.gserviceaccount.com` };
    }
    return new GoogleProjectServiceIdentity(this, shortName(service), {
      provider: this.googleBeta,
      project: this.projectId,
      service,
    });
  }
}

function ringName({ projectId, location, name }: KmsKeysProps): string {
  return `projects/${projectId}/locations/${keyRingLocation(location)}/keyRings/${name}`;
}

function shortName(service: ServiceAgent): string {
  return service.replace(".googleapis.com", "");
}

function problems(props: KmsKeysProps): PropProblem[] {
  const { location, keys = {}, signingKeys = {} } = props;
  const found = Object.entries(keys).flatMap(([name, key]) => keyProblems(name, key, props));
  for (const name of Object.keys(signingKeys)) {
    if (name in keys)
      found.push({
        prop: ["signingKeys", name],
        problem: "has the name of a key that encrypts",
        instead: "give it another",
      });
    if (keyRingLocation(location) === "global")
      found.push({
        prop: ["signingKeys", name],
        problem: "is in global, which is for secrets with automatic replication",
        instead: "give the region that signs",
      });
  }
  return found;
}

function keyProblems(
  name: string,
  { rotationDays, serviceAgents = [], users = {} }: KmsKeyProps,
  { location, googleBeta }: KmsKeysProps,
): PropProblem[] {
  const prop = ["keys", name];
  const found = wholeNumber([...prop, "rotationDays"], rotationDays, {
    from: 1,
    unit: "days",
    optional: true,
  });
  if (!googleBeta && serviceAgents.some((service) => !ASKED.has(service)))
    found.push({
      prop: [...prop, "serviceAgents"],
      problem: "names some that a provider has to create",
      instead: "give googleBeta",
    });
  const elsewhere = [
    ...serviceAgents.filter((service) => service !== "secretmanager.googleapis.com"),
    ...Object.keys(users),
  ];
  if (keyRingLocation(location) === "global" && elsewhere.length > 0)
    found.push({
      prop,
      problem: `is in global, and ${elsewhere.join(", ")} would encrypt with it what is somewhere`,
      instead: "give the location of that; global is for secrets with automatic replication",
    });
  for (const user of serviceAgents.map(shortName))
    if (user in users)
      found.push({
        prop: [...prop, "users", user],
        problem: "has the name of a service agent",
        instead: "give it another",
      });
  return found;
}
