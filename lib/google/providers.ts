import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { TerraformStack } from "cdktf";

/** Default project and region of a stack's resources. An environment's configuration has both. */
export interface GoogleProviderProps {
  /** Google Cloud project. */
  readonly projectId: string;
  /** Region, such as `us-central1`. */
  readonly region: string;
  /**
   * E-mail of a service account that the provider acts as, whoever runs Terraform: her own credentials only ask for its
   * tokens, which needs `iam.serviceAccounts.getAccessToken` on it. Credentials that are that account's own are refused.
   * @default who runs Terraform
   */
  readonly impersonate?: string;
}

/** Declares the google provider of a stack. It takes its credentials from the environment (application default). */
export function googleProvider(
  stack: TerraformStack,
  { projectId, region, impersonate }: GoogleProviderProps,
): GoogleProvider {
  return new GoogleProvider(stack, "google", {
    project: projectId,
    region,
    impersonateServiceAccount: impersonate,
  });
}

/**
 * Declares a second google provider of a stack, `google.billing`, which names the project as the quota project: the API of
 * budgets refuses a person's own credentials without one. Whoever uses it needs serviceusage.services.use on the project.
 *
 * @see https://cloud.google.com/docs/authentication/troubleshoot-adc#user-creds-client-based
 */
export function billingProvider(
  stack: TerraformStack,
  { projectId, region }: GoogleProviderProps,
): GoogleProvider {
  return new GoogleProvider(stack, "google-billing", {
    alias: "billing",
    project: projectId,
    region,
    userProjectOverride: true,
    billingProject: projectId,
  });
}

/** Declares the google-beta provider of a stack, for what the google provider lacks; otherwise as {@link googleProvider}. */
export function googleBetaProvider(
  stack: TerraformStack,
  { projectId, region }: GoogleProviderProps,
): GoogleBetaProvider {
  return new GoogleBetaProvider(stack, "google-beta", { project: projectId, region });
}
