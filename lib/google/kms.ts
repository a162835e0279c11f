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

/** Cloud KMS key as its consumers take it: what they encrypt must wait until they are allowed to use the key. */
export interface KmsKey {
  /** `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
  readonly id: string;
  /** The key's grants. Whatever is encrypted with the key depends on them. */
  readonly grants: readonly ITerraformDependable[];
}

/**
 * Google services whose service agent, their own identity in a project, encrypts and decrypts: Artifact Registry, GKE (Kubernetes
 * secrets), Pub/Sub, Secret Manager, Cloud SQL and Cloud Storage (state buckets).
 *
 * Others, such as Compute Engine, do not tell their agent's address when asked; name it in `users`.
 */
export type ServiceAgent =
  | "artifactregistry.googleapis.com"
  | "container.googleapis.com"
  | "pubsub.googleapis.com"
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

export interface KmsKeysProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * Location of the key ring: the region of what they encrypt, or `global` for secrets with automatic replication.
   * Cannot be changed later.
   */
  readonly location: string;
  /** Name of the key ring. Taken for ever: see the class. */
  readonly name: string;
  /** The keys, by name. */
  readonly keys: Record<string, KmsKeyProps>;
  /**
   * google-beta, which alone can create a service agent. Needed where a key has service agents besides Cloud Storage's.
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
 * Cloud KMS key ring with customer-managed encryption keys (CMEK), and IAM for who uses each.
 *
 * Nothing here can be destroyed (`prevent_destroy`): without the key its data is lost. Google never frees the name
 * of a ring or a key, so after `terraform state rm` a new apply meets a 409; `terraform import` takes both back.
 *
 * A new grant can take minutes to work everywhere. When the first apply fails with "permission denied" on a key,
 * apply again.
 *
 * Source: OctoLLM document, section "Data Encryption"; Copy-That document, section "State Management Enhancement".
 * @see https://cloud.google.com/kms/docs/cmek
 * @throws when a rotation period is no whole number of days, or `googleBeta` is missing
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
  private readonly byName = new Map<string, KmsKey>();

  constructor(scope: Construct, id: string, props: KmsKeysProps) {
    super(scope, id);
    rejectProps(this, problems(props));

    const ring = new KmsKeyRing(this, "Resource", {
      project: props.projectId,
      location: props.location,
      name: props.name,
      lifecycle: { preventDestroy: true },
    });
    if (props.adopt) adopt(ring, ringName(props));
    const agents = new ServiceAgents(this, "agents", props.projectId, props.googleBeta);
    for (const [name, key] of Object.entries(props.keys))
      this.byName.set(name, declareKey(new Construct(this, name), { name, ring, agents, key, props }));
    this.keyIds = Object.fromEntries([...this.byName].map(([name, { id }]) => [name, id]));
  }

  /**
   * A key for a consumer in the same stack, such as `CloudSqlProps.encryptionKey`.
   * @throws when there is no such key
   */
  key(name: string): KmsKey {
    const key = this.byName.get(name);
    if (!key)
      throw new InvalidPropsError(this.node.path, [
        {
          prop: ["keys"],
          problem: `has no key "${name}"`,
          instead: `add it, or take one of ${[...this.byName.keys()].join(", ")}`,
        },
      ]);
    return key;
  }
}

interface KeyDeclaration {
  readonly name: string;
  readonly ring: KmsKeyRing;
  readonly agents: ServiceAgents;
  readonly key: KmsKeyProps;
  readonly props: KmsKeysProps;
}

function declareKey(scope: Construct, { name, ring, agents, key, props }: KeyDeclaration): KmsKey {
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
  if (props.adopt) adopt(cryptoKey, `${ringName(props)}/cryptoKeys/${name}`);
  const members = {
    ...Object.fromEntries(
      (key.serviceAgents ?? []).map((service) => [shortName(service), agents.member(service)]),
    ),
    ...key.users,
  };
  const grants = Object.entries(members).map(
    ([user, member]) =>
      new KmsCryptoKeyIamMember(scope, user, {
        cryptoKeyId: cryptoKey.id,
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member,
      }),
  );
  return { id: cryptoKey.id, grants };
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
    // Cloud Storage makes its agent when it is asked for the address; the general call makes it and tells none.
    if (service === "storage.googleapis.com")
      return new DataGoogleStorageProjectServiceAccount(this, shortName(service), {
        project: this.projectId,
      });
    return new GoogleProjectServiceIdentity(this, shortName(service), {
      provider: this.googleBeta,
      project: this.projectId,
      service,
    });
  }
}

function ringName({ projectId, location, name }: KmsKeysProps): string {
  return `projects/${projectId}/locations/${location}/keyRings/${name}`;
}

function shortName(service: ServiceAgent): string {
  return service.replace(".googleapis.com", "");
}

function problems(props: KmsKeysProps): PropProblem[] {
  return Object.entries(props.keys).flatMap(([name, { rotationDays, serviceAgents = [], users = {} }]) => {
    const found = wholeNumber(["keys", name, "rotationDays"], rotationDays, {
      from: 1,
      unit: "days",
      optional: true,
    });
    if (!props.googleBeta && serviceAgents.some((service) => service !== "storage.googleapis.com"))
      found.push({
        prop: ["keys", name, "serviceAgents"],
        problem: "names some that a provider has to create",
        instead: "give googleBeta",
      });
    for (const user of serviceAgents.map(shortName))
      if (user in users)
        found.push({
          prop: ["keys", name, "users", user],
          problem: "has the name of a service agent",
          instead: "give it another",
        });
    return found;
  });
}
