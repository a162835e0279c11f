import type { AuthClient, GoogleAuth } from "google-auth-library";
import { CliError, EXIT } from "../command-line/errors";
import { authLibrary } from "./library";

/** How any API is asked. */
export const REQUEST = {
  timeout: 20_000,
  // Reads are tried again on 429, on 5xx and, once, on silence; what changes something is not.
  retryConfig: { retry: 2, noResponseRetries: 1 },
  maxRedirects: 0,
  noProxy: ["127.0.0.1", "localhost"],
  responseType: "json" as const,
};
/** Environment variable that may name an emulator of the APIs that have none of their own. */
export const EMULATOR = "GOOGLE_APIS_EMULATOR_HOST";
const LOOPBACK = /^(127\.0\.0\.1|localhost):\d{1,5}$/;

/**
 * One of Google's REST APIs, called as application default credentials may, through the request layer of
 * Google's own clients: it knows proxies (HTTPS_PROXY, NO_PROXY), time-outs and retries.
 *
 * An emulator answers instead, without credentials; on this machine alone, as what is sent may be a secret.
 */
export class GoogleApi {
  private readonly root: string;
  private readonly client: Pick<AuthClient | GoogleAuth, "request">;

  /**
   * @param service `secretmanager`
   * @param projectId project that is called about
   * @param emulatorVariable environment variable that may name an emulator
   * @param version of the API
   * @throws {CliError} when the variable is not a port of this machine
   */
  constructor(service: string, projectId: string, emulatorVariable: string, version = "v1") {
    const emulator = process.env[emulatorVariable];
    if (emulator !== undefined && !LOOPBACK.test(emulator))
      throw new CliError(
        `${emulatorVariable} is "${emulator}": give 127.0.0.1 or localhost, a colon and a port, or unset it`,
        EXIT.usage,
      );
    this.root = emulator ? `http://${emulator}/${version}` : `https://${service}.googleapis.com/${version}`;
    const { GoogleAuth, PassThroughClient } = authLibrary();
    this.client = emulator
      ? new PassThroughClient()
      : // Without the project it would ask gcloud and Google's metadata server for one.
        new GoogleAuth({ projectId, scopes: ["https://www.googleapis.com/auth/cloud-platform"] });
  }

  /**
   * Reads, or with a body changes something.
   * @param path behind the version, with its query: `projects/p/secrets/s/versions`
   * @throws an error of the client, for `explainGoogleError`
   */
  async call<T>(path: string, body?: object): Promise<T> {
    const { data } = await this.client.request<T>({
      ...REQUEST,
      url: `${this.root}/${path}`,
      ...(body && { method: "POST", data: body }),
    });
    return data;
  }
}
