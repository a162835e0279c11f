/** Ids of the workload identity pools and providers for GitHub, and of the service accounts that its workflows impersonate. */
export const GITHUB = {
  /** Pool of the program's own repository. */
  pool: "github",
  /** Pool of the application's repository, whose workflows push images and nothing else. */
  imagePool: "github-images",
  /** The one provider in either. */
  provider: "github",
  planAccountId: "terraform-plan",
  applyAccountId: "terraform-apply",
  imageAccountId: "push-images",
  driftAccountId: "report-drift",
} as const;

/** Id of the log with an entry for each stack that has drifted, which an alert reads. */
export const DRIFT_LOG = "drift";

/** Workload identity providers and service accounts by which the workflows log in to one project. */
export interface WorkflowIdentities {
  /** What `google-github-actions/auth` takes as `workload_identity_provider`. */
  readonly provider: string;
  /** Service account that may plan every stack of the project. */
  readonly plan: string;
  /** Service account that may apply the shared stacks of the project. */
  readonly apply: string;
  /** As `provider`, for the application's repository. */
  readonly imageProvider: string;
  /** Service account that may push images. */
  readonly pushImages: string;
  /** Service account that may write to {@link DRIFT_LOG}. */
  readonly report: string;
}

/**
 * The identities of an environment's workflows, all of them known before anything is deployed.
 * @param applyAccountId id of the service account that applies, where the bootstrap gives it another
 */
export function workflowIdentities(
  environment: { readonly projectId: string; readonly projectNumber: string },
  applyAccountId: string = GITHUB.applyAccountId,
): WorkflowIdentities {
  const provider = (pool: string) =>
    `${poolName(environment.projectNumber, pool)}/providers/${GITHUB.provider}`;
  const email = (accountId: string) => `${accountId}@${environment.projectId}.iam.gserviceaccount.com`;
  return {
    provider: provider(GITHUB.pool),
    plan: email(GITHUB.planAccountId),
    apply: email(applyAccountId),
    imageProvider: provider(GITHUB.imagePool),
    pushImages: email(GITHUB.imageAccountId),
    report: email(GITHUB.driftAccountId),
  };
}

/** Full name of a workload identity pool, which has the project's number and not its id. */
export function poolName(projectNumber: string, pool: string): string {
  return `projects/${projectNumber}/locations/global/workloadIdentityPools/${pool}`;
}
