import type { AuthClient, GoogleAuth } from "google-auth-library";
import { authLibrary } from "./library";

const SCOPES = ["https://www.googleapis.com/auth/cloud-platform"];

/** Google's own parts, of which tests take others. */
export interface ActingOptions {
  /** Who asks for the service account's tokens. @default whose application default credentials are */
  readonly source?: AuthClient;
  /** Where they are asked for. @default Google's IAM Service Account Credentials API */
  readonly endpoint?: string;
}

/**
 * Credentials of a service account for Google's clients: application default credentials only ask for its tokens, each
 * good for an hour, which needs `iam.serviceAccounts.getAccessToken` on it.
 *
 * @param account its e-mail
 * @param projectId project that calls are made for; without one Google's metadata server would be asked
 * @see https://cloud.google.com/iam/docs/create-short-lived-credentials-direct
 */
export function actingAuth(
  account: string,
  projectId: string,
  { source, endpoint }: ActingOptions = {},
): GoogleAuth {
  const { GoogleAuth, Impersonated } = authLibrary();
  class ActingAuth extends GoogleAuth {
    private acting: Promise<InstanceType<typeof Impersonated>> | undefined;

    override getClient() {
      this.acting ??= this.act();
      return this.acting;
    }

    private async act() {
      return new Impersonated({
        sourceClient: source ?? (await super.getClient()),
        targetPrincipal: account,
        targetScopes: SCOPES,
        ...(endpoint !== undefined && { endpoint }),
      });
    }
  }
  return new ActingAuth({ projectId, scopes: SCOPES });
}

/**
 * E-mail of the account of application default credentials, as Google tells of their token; undefined where it does not.
 * @param projectId as for {@link actingAuth}
 */
export async function accountEmail(projectId: string): Promise<string | undefined> {
  const { GoogleAuth, OAuth2Client } = authLibrary();
  try {
    const { token } = await (
      await new GoogleAuth({ projectId, scopes: SCOPES }).getClient()
    ).getAccessToken();
    return token ? (await new OAuth2Client().getTokenInfo(token)).email : undefined;
  } catch {
    return undefined;
  }
}
