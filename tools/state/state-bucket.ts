import type { File, Storage } from "@google-cloud/storage";
import { cleanLine } from "../command-line/foreign-text";
import { age } from "../command-line/output";
import { explainGoogleError, GoogleError } from "../google/error";
import { storageClient } from "../google/storage";
import { parseState, StateError, type TerraformState } from "./terraform-state";

/** A lock on a stack's state: somebody is changing it, or was stopped while she did. */
export interface StateLock {
  /** What `terraform force-unlock` takes: the generation of the lock file. */
  readonly id: string;
  /** `alice@laptop`; undefined where the lock file does not say. */
  readonly who?: string;
  /** `OperationTypeApply` */
  readonly operation?: string;
  readonly since: Date;
}

/** State and lock of one stack, as its bucket has them. */
export interface StoredStack {
  readonly stack: string;
  /** Undefined where there is none, or none that can be read. */
  readonly state?: TerraformState;
  readonly lastChange?: Date;
  readonly lock?: StateLock;
  /** Why the state could not be read. */
  readonly error?: GoogleError | StateError;
}

const STATE = "default.tfstate";
const LOCK = "default.tflock";
/** Objects that are read at once. */
const PARALLEL = 16;

/**
 * Terraform states and locks in a Cloud Storage bucket, read with application default credentials; with
 * STORAGE_EMULATOR_HOST from an emulator, without credentials. Nothing is ever written.
 */
export class StateBucket {
  private readonly storage: Storage;

  /**
   * @param projectId project that calls are made for
   * @param actingAs e-mail of the service account that reads; by default whose the credentials are
   * @throws {CliError} when STORAGE_EMULATOR_HOST names no host
   */
  constructor(
    readonly name: string,
    private readonly projectId: string,
    actingAs?: string,
  ) {
    this.storage = storageClient(projectId, actingAs);
  }

  /**
   * Every stack that has state or a lock here.
   *
   * Who may not list the whole bucket gets those of `known`, each with what of it may be read.
   * @throws {GoogleError} when nothing can be read at all
   */
  async stacks(known: readonly string[]): Promise<{ stacks: StoredStack[]; partial: boolean }> {
    try {
      const files = await this.list("");
      return { stacks: await this.readAll(files), partial: false };
    } catch (error) {
      if (!(error instanceof GoogleError && error.fault === "forbidden")) throw error;
      return { stacks: await mapLimited(known, (stack) => this.stack(stack)), partial: true };
    }
  }

  /**
   * One stack, in which an error about it stands, too.
   * @throws {GoogleError} when no stack could be read: no bucket, no credentials, no network
   */
  async stack(stack: string): Promise<StoredStack> {
    try {
      return (await this.readAll(await this.list(`${stack}/`)))[0] ?? { stack };
    } catch (error) {
      if (error instanceof GoogleError && error.fault === "forbidden") return { stack, error };
      throw error;
    }
  }

  /** Files of state and locks below a prefix. */
  private async list(prefix: string): Promise<File[]> {
    const what = prefix ? `the state of ${prefix.slice(0, -1)}` : "every state";
    const [files] = await this.attempt(what, () => this.storage.bucket(this.name).getFiles({ prefix }));
    return files.filter(({ name }) => /^[^/]+\/default\.tf(state|lock)$/.test(name));
  }

  private async readAll(files: readonly File[]): Promise<StoredStack[]> {
    const stacks = [...new Set(files.map(folder))];
    return mapLimited(stacks, (stack) =>
      this.read(
        stack,
        files.filter((file) => folder(file) === stack),
      ),
    );
  }

  private async read(stack: string, files: readonly File[]): Promise<StoredStack> {
    const [state, lock] = [STATE, LOCK].map((name) => files.find((file) => file.name.endsWith(`/${name}`)));
    return {
      // It stands in commands that are printed, and a prefix may be anything.
      stack: stack.replace(/[^\w.-]/g, "?"),
      ...(state ? await this.readState(state) : {}),
      ...(lock ? { lock: await this.readLock(lock) } : {}),
    };
  }

  private async readState(file: File): Promise<Pick<StoredStack, "state" | "error" | "lastChange">> {
    const lastChange = new Date(file.metadata.updated ?? 0);
    try {
      const text = await this.text(file);
      return { lastChange, state: parseState(text, cleanLine(`gs://${this.name}/${file.name}`)) };
    } catch (error) {
      if (error instanceof GoogleError || error instanceof StateError) return { lastChange, error };
      throw error;
    }
  }

  private async readLock(file: File): Promise<StateLock> {
    const { Who, Operation, Created } = lockInfo(await this.text(file).catch(() => ""));
    const created = new Date(String(Created));
    return {
      id: String(file.metadata.generation),
      ...(typeof Who === "string" && Who ? { who: cleanLine(Who, 100) } : {}),
      // A word of Terraform's own, or nothing.
      ...(typeof Operation === "string" && /^OperationType[A-Za-z]{1,30}$/.test(Operation)
        ? { operation: Operation }
        : {}),
      since: Number.isNaN(created.getTime()) ? new Date(file.metadata.timeCreated ?? 0) : created,
    };
  }

  private async text(file: File): Promise<string> {
    const [bytes] = await this.attempt(cleanLine(file.name), () => file.download());
    return bytes.toString("utf8");
  }

  private async attempt<T>(what: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw explainGoogleError(error, {
        what: `read ${what} in gs://${this.name}`,
        projectId: this.projectId,
        role: "roles/storage.objectViewer",
        of: {
          name: `bucket ${this.name}`,
          ifMissing: "check stateBucket in cdktf.json, or run npx plue bootstrap before the first deployment",
        },
      });
    }
  }
}

/** What Terraform writes into a lock; nothing where it is cut off. */
function lockInfo(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function folder({ name }: File): string {
  return name.slice(0, name.indexOf("/"));
}

async function mapLimited<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += PARALLEL)
    results.push(...(await Promise.all(items.slice(start, start + PARALLEL).map(action))));
  return results;
}

/** `by alice@laptop for 3 hours (apply)` */
export function describeLock({ who, operation, since }: StateLock, now = new Date()): string {
  const doing = operation ? ` (${operation.replace(/^OperationType/, "").toLowerCase()})` : "";
  return `by ${who ?? "somebody unknown"} for ${age(since, now)}${doing}`;
}
