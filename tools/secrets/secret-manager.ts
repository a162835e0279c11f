import type { GoogleAuth } from "google-auth-library";
import { explainSecretError, SecretError } from "./secret-error";

/** A version of a secret, without its value. */
export interface SecretVersion {
  readonly number: number;
  readonly state: "ENABLED" | "DISABLED" | "DESTROYED";
  readonly created: Date;
  /** When it will be destroyed. Until then it is disabled, and can be enabled again. */
  readonly destroyedAt?: Date;
}

/**
 * REST client of one project's Secret Manager, with application default credentials. Values are written and
 * never read.
 *
 * SECRET_MANAGER_EMULATOR_HOST names an emulator, on this machine alone: a value must not go to whatever an environment
 * names.
 *
 * @see https://cloud.google.com/secret-manager/docs/reference/rest
 */
export class SecretManager {
  private readonly root: string;
  private readonly auth?: GoogleAuth;

  /** @throws {SecretError} when SECRET_MANAGER_EMULATOR_HOST is not a port of this machine */
  constructor(private readonly projectId: string) {
    const emulator = process.env["SECRET_MANAGER_EMULATOR_HOST"];
    if (emulator !== undefined && !/^(127\.0\.0\.1|localhost):\d{1,5}$/.test(emulator))
      throw new SecretError(
        `SECRET_MANAGER_EMULATOR_HOST is "${emulator}": give 127.0.0.1 or localhost, a colon and a port, or take it away`,
        "other",
      );
    this.root = emulator ? `http://${emulator}/v1` : "https://secretmanager.googleapis.com/v1";
    if (emulator) return;
    // Takes a fifth of a second to load: only for commands that need it.
    const { GoogleAuth } = require("google-auth-library") as typeof import("google-auth-library");
    this.auth = new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/cloud-platform"] });
  }

  /**
   * Every version, the newest first.
   * @throws {SecretError} when they cannot be listed
   */
  async versions(secretId: string): Promise<SecretVersion[]> {
    const found: SecretVersion[] = [];
    let pageToken: string | undefined;
    do {
      const query = new URLSearchParams({ pageSize: "100", ...(pageToken && { pageToken }) });
      const page = await this.call<VersionsPage>(secretId, `/versions?${query}`);
      found.push(...(page.versions ?? []).map(readVersion));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return found.sort((a, b) => b.number - a.number);
  }

  /**
   * Adds a version with this value.
   * @throws {SecretError} when it was not added
   */
  async add(secretId: string, value: Buffer): Promise<SecretVersion> {
    return readVersion(
      await this.call(secretId, ":addVersion", { payload: { data: value.toString("base64") } }),
    );
  }

  /**
   * Destroys a version: at once, or after the delay that the secret has.
   * @throws {SecretError} when it was not destroyed
   */
  async destroy(secretId: string, version: number): Promise<SecretVersion> {
    return readVersion(await this.call(secretId, `/versions/${version}:destroy`, {}));
  }

  private async call<T = ApiVersion>(secretId: string, path: string, body?: object): Promise<T> {
    const url = `${this.root}/projects/${this.projectId}/secrets/${secretId}${path}`;
    try {
      const headers = { "content-type": "application/json", ...(await this.auth?.getRequestHeaders(url)) };
      const response = await fetch(url, {
        headers,
        redirect: "error",
        signal: AbortSignal.timeout(20_000),
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      });
      const answer = await response.json().catch(() => ({}));
      if (!response.ok)
        throw Object.assign(new Error(answer.error?.message ?? ""), { code: response.status });
      return answer;
    } catch (error) {
      throw explainSecretError(error, secretId, this.projectId);
    }
  }
}

interface ApiVersion {
  /** `projects/123/secrets/anthropic-api-key/versions/2` */
  readonly name: string;
  readonly createTime: string;
  readonly state: SecretVersion["state"];
  readonly scheduledDestroyTime?: string;
}

interface VersionsPage {
  readonly versions?: readonly ApiVersion[];
  readonly nextPageToken?: string;
}

function readVersion({ name, createTime, state, scheduledDestroyTime }: ApiVersion): SecretVersion {
  return {
    number: Number(name.slice(name.lastIndexOf("/") + 1)),
    state,
    created: new Date(createTime),
    ...(scheduledDestroyTime && { destroyedAt: new Date(scheduledDestroyTime) }),
  };
}
