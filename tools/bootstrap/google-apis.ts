import type { GoogleAuth } from "google-auth-library";
import { type ApiFault, BootstrapError, isDisabled } from "./bootstrap-error";

/** Between two looks at an operation; the longer it takes, the more rarely. */
const POLL_MS = { first: 250, most: 5_000 };
const POLLS = 40;

/** An IAM policy as far as it is read here; the rest goes back as it came. */
interface Policy {
  readonly bindings?: readonly { readonly role: string; readonly members?: readonly string[] }[];
}

/**
 * REST client for the few calls of Service Usage and Cloud KMS that come before Terraform, with application default
 * credentials.
 *
 * GOOGLE_APIS_EMULATOR_HOST, a port of this machine, answers for both instead, without credentials.
 *
 * @see https://cloud.google.com/service-usage/docs/reference/rest
 * @see https://cloud.google.com/kms/docs/reference/rest
 */
export class GoogleApis {
  private readonly emulator = process.env["GOOGLE_APIS_EMULATOR_HOST"];
  private readonly auth?: GoogleAuth;

  /** @throws {BootstrapError} when GOOGLE_APIS_EMULATOR_HOST is not a port of this machine */
  constructor(private readonly projectId: string) {
    if (this.emulator !== undefined && !/^(127\.0\.0\.1|localhost):\d{1,5}$/.test(this.emulator))
      throw new BootstrapError(
        `GOOGLE_APIS_EMULATOR_HOST is "${this.emulator}": give 127.0.0.1 or localhost, a colon and a port, or take it away`,
      );
    if (this.emulator) return;
    // Takes a fifth of a second to load: only for commands that need it.
    const { GoogleAuth } = require("google-auth-library") as typeof import("google-auth-library");
    this.auth = new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/cloud-platform"] });
  }

  /** Which of these APIs are enabled, and the project's number. */
  async services(names: readonly string[]): Promise<{ enabled: Set<string>; projectNumber: string }> {
    const query = names.map((name) => `names=projects/${this.projectId}/services/${name}`).join("&");
    const { services = [] } = await this.call<{ services?: readonly ApiService[] }>(
      "serviceusage",
      `projects/${this.projectId}/services:batchGet?${query}`,
    );
    const enabled = services.filter(({ state }) => state === "ENABLED").map(({ name }) => lastPart(name));
    return { enabled: new Set(enabled), projectNumber: services[0]?.name.split("/")[1] ?? "" };
  }

  /** Enables them, and waits until they are. */
  async enableServices(names: readonly string[]): Promise<void> {
    let operation = await this.call<Operation>(
      "serviceusage",
      `projects/${this.projectId}/services:batchEnable`,
      { serviceIds: names },
    );
    for (let poll = 0; !operation.done; poll++) {
      if (poll === POLLS)
        throw new BootstrapError("Google still enables the APIs; try again in some minutes");
      const wait = Math.min(POLL_MS.first * 2 ** poll, POLL_MS.most);
      await new Promise((tick) => setTimeout(tick, wait));
      operation = await this.call("serviceusage", operation.name);
    }
    if (operation.error) throw Object.assign(new Error(operation.error.message), faultOf(operation.error));
  }

  /** Whether there is a key ring or key of this name; no as long as the API is not enabled. */
  async hasKeyResource(name: string): Promise<boolean> {
    try {
      await this.call("cloudkms", name);
      return true;
    } catch (error) {
      const fault = error as Partial<ApiFault>;
      if (fault.code === 404 || isDisabled(fault)) return false;
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
    const { bindings = [] } = await this.call<Policy>("cloudkms", `${key}:getIamPolicy`);
    return bindings.some(({ role, members }) => role === KEY_USER && members?.includes(member));
  }

  /** Adds the member to the key's policy, which goes back with its etag: a change in between is refused, not lost. */
  async allowKey(key: string, member: string): Promise<void> {
    const policy = await this.call<Policy>("cloudkms", `${key}:getIamPolicy`);
    const bindings = [...(policy.bindings ?? []), { role: KEY_USER, members: [member] }];
    await this.call("cloudkms", `${key}:setIamPolicy`, { policy: { ...policy, bindings } });
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
      await this.call("cloudkms", `${parent}/${kind}?${idName}=${id}`, body);
    } catch (error) {
      if ((error as Partial<ApiFault>).code !== 409) throw error;
    }
  }

  private async call<T>(api: "serviceusage" | "cloudkms", path: string, body?: object): Promise<T> {
    const url = `${this.emulator ? `http://${this.emulator}` : `https://${api}.googleapis.com`}/v1/${path}`;
    const headers = { "content-type": "application/json", ...(await this.auth?.getRequestHeaders(url)) };
    const response = await fetch(url, {
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    const answer = (await response.json().catch(() => ({}))) as T & { error?: ApiStatus };
    if (response.ok) return answer;
    const { error } = answer;
    throw Object.assign(new Error(error?.message ?? response.statusText), {
      ...(error && faultOf(error)),
      code: response.status,
    });
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
  readonly error?: ApiStatus;
}

interface ApiStatus {
  readonly message: string;
  readonly details?: readonly { readonly reason?: string }[];
}

function faultOf({ details }: ApiStatus): Pick<ApiFault, "reason"> {
  const reason = details?.find((detail) => detail.reason)?.reason;
  return reason ? { reason } : {};
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
