import { sync as writeFileAtomic } from "write-file-atomic";
import { InvalidInputError } from "../input/problems";
import { readText } from "../input/read-json";
import type { NamespaceQuota } from "../kubernetes/guarded-namespace";

/** An entry of the registry: one engineer with an environment of her own, defaults filled in. */
export interface Engineer {
  readonly name: string;
  /** Google account. */
  readonly email: string;
  /** GitHub login whose pushes to `staging/<name>` deploy the environment. @default no push does */
  readonly github?: string;
  /** Number of that GitHub account, which nobody takes over as a login that was given up. With `github`. */
  readonly githubId?: string;
  /** `offboarding` takes the right to deploy and the protections away, before the environment is destroyed. */
  readonly state: "active" | "offboarding";
  /** Moving image tag that the release follows. */
  readonly imageTag: string;
  /** Google accounts that may look into the namespace. */
  readonly readers: readonly string[];
  readonly quota?: Partial<NamespaceQuota>;
  /** Labels of what is hers, by key. The label `owner` is her name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Names of everything that is called after an engineer. */
export interface EngineerNames {
  /** Stack, and prefix of its state: `staging-alice`. */
  readonly stack: string;
  /** Kubernetes namespace: `alice`. */
  readonly namespace: string;
  /** Database in the shared instance: `plue_alice`. */
  readonly database: string;
  /** Service account the release runs as: `staging-alice`. */
  readonly runtimeAccountId: string;
  /** Its e-mail: `staging-alice@plue-staging.iam.gserviceaccount.com`. */
  readonly runtimeEmail: string;
  /** The same account as a database user, as Cloud SQL spells it: `staging-alice@plue-staging.iam`. */
  readonly databaseUser: string;
  /** Service account that deploys the stack, which the engineer may impersonate: `tf-staging-alice`. */
  readonly deployerAccountId: string;
  /** Its e-mail: `tf-staging-alice@plue-staging.iam.gserviceaccount.com`. */
  readonly deployerEmail: string;
  /** Managed folder of the state bucket, with the slash that keeps `al` out of `alice`: `staging-alice/`. */
  readonly stateFolder: string;
  /** First label of the host: `alice`. */
  readonly hostLabel: string;
}

/** Variable of an engineer's stack with the service account that it acts as (see `actingIdentity`). */
export const ACTING_AS = "acting_as";

/** Label by which the platform chart's admission policies know an engineer's namespace; its value is the namespace's name. */
export const OWNER_LABEL = "owner";

/** Who has an environment, in the order of the file. */
export interface Registry {
  readonly engineers: readonly Engineer[];
}

/** Reads the text of a registry. @throws {InvalidInputError} with everything that is wrong with it */
export type ParseRegistry = (text: string, file: string) => Registry;

/** A registry for somebody who changes it: the text and what it says. */
export class RegistryFile {
  readonly text: string;
  readonly registry: Registry;

  /** @throws {InvalidInputError} with everything that is wrong with the file */
  constructor(
    readonly file: string,
    private readonly parse: ParseRegistry,
  ) {
    this.text = readText(file);
    this.registry = parse(this.text, file);
  }

  /** What a changed text would say. @throws {InvalidInputError} with everything that would be wrong with it */
  check(text: string): Registry {
    return this.parse(text, this.file);
  }

  /**
   * Puts a checked text in place as a whole: whoever reads meanwhile, or looks after a crash, finds the old file or the
   * new one.
   * @throws {InvalidInputError} when the file changed since it was read; it is left as it is
   */
  replace(text: string): void {
    this.check(text);
    if (readText(this.file) !== this.text)
      throw new InvalidInputError([
        { file: this.file, path: [], message: "somebody else changed this file meanwhile: run this again" },
      ]);
    writeFileAtomic(this.file, text);
  }
}
