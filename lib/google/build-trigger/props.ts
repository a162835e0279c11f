import type { BuildPool } from "../build-pool";
import type { RuntimeIdentity } from "../runtime-identity";

/** Step of a build: a container that runs in the workspace, `/workspace`, with the repository in it. */
export interface BuildStep {
  /** Id, which others wait for. Once in a build. */
  readonly id: string;
  /**
   * Image that the step runs, by digest: `gcr.io/cloud-builders/docker@sha256:…`. One of the build's own `images` may have a
   * tag instead, once a step has built it.
   */
  readonly image: string;
  /** Arguments of the image's entry point. @default none */
  readonly args?: readonly string[];
  /** What is run instead of the image's entry point. @default the image's */
  readonly entrypoint?: string;
  /**
   * Shell script that is run instead of arguments and entry point. It is not given substitutions: what it needs of them is
   * in `env`.
   * @default none
   */
  readonly script?: string;
  /** Environment variables. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Names of those of the build's `secrets` that the step gets, as environment variables. In `args` one is written `$$NAME`:
   * with a single `$` Cloud Build takes it for a substitution.
   * @default none
   */
  readonly secrets?: readonly string[];
  /** Folder that it runs in, below the workspace. @default the workspace */
  readonly dir?: string;
  /** Ids of earlier steps that it waits for; `[]` starts it at once. @default all earlier steps */
  readonly waitFor?: readonly string[];
  /** Volumes that steps share, beside the workspace: names, by the path where they are mounted. @default none */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Seconds until it counts as failed. @default those of the build */
  readonly timeoutSeconds?: number;
  /** The build goes on when it fails. @default false */
  readonly allowFailure?: boolean;
}

/** Which event of the repository starts a build. Patterns are regular expressions (RE2), `^` first and `$` last. */
export type BuildEvent =
  /** Push to a branch: `^main$`. */
  | { readonly push: { readonly branch: string } }
  /** Push of a tag: `^v\d+\.\d+\.\d+$`. */
  | { readonly push: { readonly tag: string } }
  /** Pull request into a branch. */
  | {
      readonly pullRequest: {
        readonly branch: string;
        /**
         * Whose pull requests wait for the comment `/gcbrun` of somebody who may write to the repository.
         * @default "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"
         */
        readonly comments?: "COMMENTS_ENABLED" | "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY";
      };
    };

/** Version of a secret in Secret Manager. */
export interface BuildSecret {
  /** Id of the secret. */
  readonly secretId: string;
  /** Number of the version. A number, as `latest` would change builds that nobody changed. */
  readonly version: number;
  /** Project of the secret. @default the trigger's */
  readonly projectId?: string;
}

export interface BuildTriggerProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region of the trigger, its builds and its connection; not `global`. Changing it recreates the trigger. */
  readonly region: string;
  /** Name of the trigger: at most 63 lower-case letters, digits and -. */
  readonly name: string;
  /** For people, shown in the console. @default none */
  readonly description?: string;
  /**
   * Repository of a 2nd-generation connection, by the names of both. They are made by hand once, as GitHub asks a person to
   * install its app: `gcloud builds connections create`, `gcloud builds repositories create`.
   */
  readonly repository: { readonly connection: string; readonly name: string };
  /** What starts a build. */
  readonly on: BuildEvent;
  /** Globs of files of which one must have changed (`services/api/**`). @default any */
  readonly includedFiles?: readonly string[];
  /** Globs of files that alone start no build (`docs/**`). @default none */
  readonly ignoredFiles?: readonly string[];
  /** Each build waits for somebody with `roles/cloudbuild.builds.approver`. @default false */
  readonly approval?: boolean;
  /** The steps, one after another unless they say what they wait for. */
  readonly steps: readonly BuildStep[];
  /** Substitutions of one's own, by names that begin with `_`. No secrets: everybody sees them. @default none */
  readonly substitutions?: Readonly<Record<string, string>>;
  /** Secrets that steps may ask for, by the environment variable that each becomes. @default none */
  readonly secrets?: Readonly<Record<string, BuildSecret>>;
  /**
   * Identity that builds run as: in the trigger's project, with `roles/logging.logWriter`, access to each of `secrets`, and
   * what the steps do. Never the project's default account, which may do the same as every other build.
   */
  readonly identity: Pick<RuntimeIdentity, "name" | "grants">;
  /** Machine of Google's own pool. Not with `pool`. @default Google's: e2-standard-2 */
  readonly machineType?: "E2_MEDIUM" | "E2_HIGHCPU_8" | "E2_HIGHCPU_32" | "N1_HIGHCPU_8" | "N1_HIGHCPU_32";
  /** GB of the machine's disk, up to 4000. Not with `pool`. @default Google's: 100 */
  readonly diskSizeGb?: number;
  /** Private pool that builds run in, of the same region: for what is reached from inside a network alone. @default Google's own */
  readonly pool?: Pick<BuildPool, "id">;
  /** Seconds until a build counts as failed, at most 86400. @default 600 */
  readonly timeoutSeconds?: number;
  /** Images that the steps have built and that are pushed when all succeeded: with a tag each, not `latest`. @default none */
  readonly images?: readonly string[];
  /** Files of the workspace that are uploaded when all steps succeeded. @default none */
  readonly artifacts?: {
    /** `gs://<bucket>/<path>/`. */
    readonly location: string;
    /** Globs below the workspace. */
    readonly paths: readonly string[];
  };
  /** Tags of the builds, to find them by. @default none */
  readonly tags?: readonly string[];
  /** Nothing starts a build. @default false */
  readonly disabled?: boolean;
}
