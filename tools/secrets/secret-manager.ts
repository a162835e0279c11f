import { GoogleApi } from "../google/api";
import { explainGoogleError } from "../google/error";

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
  private readonly api: GoogleApi;

  /** @throws {CliError} when SECRET_MANAGER_EMULATOR_HOST is not a port of this machine */
  constructor(private readonly projectId: string) {
    this.api = new GoogleApi("secretmanager", projectId, "SECRET_MANAGER_EMULATOR_HOST");
  }

  /**
   * Every version, the newest first.
   * @throws {GoogleError} when they cannot be listed
   */
  async versions(secretId: string): Promise<SecretVersion[]> {
    const found: SecretVersion[] = [];
    let pageToken: string | undefined;
    do {
      const query = new URLSearchParams({ pageSize: "100", ...(pageToken && { pageToken }) });
      const page = await this.call<VersionsPage>(secretId, LIST, `/versions?${query}`);
      found.push(...(page.versions ?? []).map(readVersion));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return found.sort((a, b) => b.number - a.number);
  }

  /**
   * Adds a version with this value.
   * @throws {GoogleError} when it was not added
   */
  async add(secretId: string, value: Buffer): Promise<SecretVersion> {
    const payload = { data: value.toString("base64") };
    return readVersion(await this.call(secretId, ADD, ":addVersion", { payload }));
  }

  /**
   * Destroys a version: at once, or after the delay that the secret has.
   * @throws {GoogleError} when it was not destroyed
   */
  async destroy(secretId: string, version: number): Promise<SecretVersion> {
    return readVersion(await this.call(secretId, DESTROY, `/versions/${version}:destroy`, {}));
  }

  private async call<T = ApiVersion>(
    secretId: string,
    { what, role }: Action,
    path: string,
    body?: object,
  ): Promise<T> {
    const { projectId } = this;
    try {
      return await this.api.call(`projects/${projectId}/secrets/${secretId}${path}`, body);
    } catch (error) {
      const name = `secret ${secretId} of ${projectId}`;
      throw explainGoogleError(error, {
        what: `${what} ${name}`,
        projectId,
        role,
        of: { name, ifMissing: "deploy the stack that makes it first, or check projectId in cdktf.json" },
      });
    }
  }
}

/** What is done with a secret, and the least role that allows it. */
interface Action {
  readonly what: string;
  readonly role: string;
}

const LIST: Action = { what: "list the versions of", role: "roles/secretmanager.viewer" };
const ADD: Action = { what: "add a version to", role: "roles/secretmanager.secretVersionAdder" };
const DESTROY: Action = { what: "destroy a version of", role: "roles/secretmanager.secretVersionManager" };

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
