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

/** Label by which the platform chart's admission policies know an engineer's namespace; its value is the namespace's name. */
export const OWNER_LABEL = "owner";
