import { CliError, EXIT } from "../command-line/errors";
import { EMULATOR, GoogleApi } from "../google/api";
import { faultOf } from "../google/error";

/** Between two looks at an operation; the longer it takes, the more rarely. */
const POLL_MS = { first: 250, most: 5_000 };
const POLLS = 40;

/** An IAM policy as far as it is read here; the rest goes back as it came. */
interface Policy {
  readonly bindings?: readonly { readonly role: string; readonly members?: readonly string[] }[];
}

/**
 * Client of the few calls of Service Usage and Cloud KMS that come before Terraform.
 *
 * @see https://cloud.google.com/service-usage/docs/reference/rest
 * @see https://cloud.google.com/kms/docs/reference/rest
 */
export class GoogleApis {
  private readonly serviceUsage: GoogleApi;
  private readonly kms: GoogleApi;

  /** @throws {CliError} when GOOGLE_APIS_EMULATOR_HOST is not a port of this machine */
  constructor(private readonly projectId: string) {
    this.serviceUsage = new GoogleApi("serviceusage", projectId, EMULATOR);
    this.kms = new GoogleApi("cloudkms", projectId, EMULATOR);
  }

  /** Which of these APIs are enabled, and the project's number. */
  async services(names: readonly string[]): Promise<{ enabled: Set<string>; projectNumber: string }> {
    const query = names.map((name) => `names=projects/${this.projectId}/services/${name}`).join("&");
    const { services = [] } = await this.serviceUsage.call<{ services?: readonly ApiService[] }>(
      `projects/${this.projectId}/services:batchGet?${query}`,
    );
    const enabled = services.filter(({ state }) => state === "ENABLED").map(({ name }) => lastPart(name));
    return { enabled: new Set(enabled), projectNumber: services[0]?.name.split("/")[1] ?? "" };
  }

  /** Enables them, and waits until they are. */
  async enableServices(names: readonly string[]): Promise<void> {
    let operation = await this.serviceUsage.call<Operation>(
      `projects/${this.projectId}/services:batchEnable`,
      { serviceIds: names },
    );
    for (let poll = 0; !operation.done; poll++) {
      if (poll === POLLS)
        throw new CliError("Google still enables the APIs; try again in some minutes", EXIT.state);
      const wait = Math.min(POLL_MS.first * 2 ** poll, POLL_MS.most);
      await new Promise((tick) => setTimeout(tick, wait));
      operation = await this.serviceUsage.call(operation.name);
    }
    if (operation.error) throw Object.assign(new Error(), operation.error, { code: undefined });
  }

  /** Whether there is a key ring or key of this name; no as long as the API is not enabled. */
  async hasKeyResource(name: string): Promise<boolean> {
    try {
      await this.kms.call(name);
      return true;
    } catch (error) {
      if (["missing", "disabled"].includes(faultOf(error))) return false;
      throw error;
    }
  }

  /** @param ring `projects/…/locations/…/keyRings/<id>` */
  async createKeyRing(ring: string): Promise<void> {
    await this.create(ring.replace(/\/keyRings\/.*/, ""), "keyRings", "keyRingId", lastPart(ring), {});
  }

  /** @param key `projects/…/cryptoKeys/<id>` */
  async createKey(key: string, rotationDays: number, labels: Record<string, string>): Promise<void> {
    const nextRotationTime = new Date(Date.now() + rotationDays * 86_400_000).toISOString();
    const ring = key.replace(/\/cryptoKeys\/.*/, "");
    await this.create(ring, "cryptoKeys", "cryptoKeyId", lastPart(key), {
      purpose: "ENCRYPT_DECRYPT",
      rotationPeriod: `${rotationDays * 86_400}s`,
      nextRotationTime,
      versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "SOFTWARE" },
      labels,
    });
  }

  async mayUseKey(key: string, member: string): Promise<boolean> {
    const { bindings = [] } = await this.kms.call<Policy>(`${key}:getIamPolicy`);
    return bindings.some(({ role, members }) => role === KEY_USER && members?.includes(member));
  }

  /** Adds the member to the key's policy, which goes back with its etag: a change in between is refused, not lost. */
  async allowKey(key: string, member: string): Promise<void> {
    const policy = await this.kms.call<Policy>(`${key}:getIamPolicy`);
    const bindings = [...(policy.bindings ?? []), { role: KEY_USER, members: [member] }];
    await this.kms.call(`${key}:setIamPolicy`, { policy: { ...policy, bindings } });
  }

  /** One that somebody else made meanwhile is as good. */
  private async create(
    parent: string,
    kind: string,
    idName: string,
    id: string,
    body: object,
  ): Promise<void> {
    try {
      await this.kms.call(`${parent}/${kind}?${idName}=${id}`, body);
    } catch (error) {
      if (faultOf(error) !== "conflict") throw error;
    }
  }
}

const KEY_USER = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

interface ApiService {
  /** `projects/123/services/cloudkms.googleapis.com` */
  readonly name: string;
  readonly state: string;
}

interface Operation {
  readonly name: string;
  readonly done?: boolean;
  /** With a code of gRPC, which is no HTTP status. */
  readonly error?: { readonly message: string; readonly details?: readonly { readonly reason?: string }[] };
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
