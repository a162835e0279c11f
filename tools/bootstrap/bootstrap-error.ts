/** Why a project could not be prepared; the message says what to do about it. */
export class BootstrapError extends Error {
  override readonly name = "BootstrapError";
}

/** What Google's APIs answer when they refuse. */
export interface ApiFault {
  /** HTTP status. */
  readonly code: number;
  readonly message: string;
  /** Machine-readable, such as `SERVICE_DISABLED`. */
  readonly reason?: string;
}

const LOG_IN = "run gcloud auth application-default login";
const NO_NETWORK =
  /fetch failed|ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|socket hang up|TimeoutError/;

/** What a step does and to what, for messages. */
export interface Attempt {
  /** `make the bucket plue-terraform-state` */
  readonly what: string;
  readonly projectId: string;
  /** The least role that allows it. */
  readonly role: string;
}

/** What an error of a call means to whoever ran the command. */
export function explainFault(error: unknown, { what, projectId, role }: Attempt): BootstrapError {
  if (error instanceof BootstrapError) return error;
  const { name, message, code, reason, cause } = error as Error & Partial<ApiFault>;
  const text = [name, message, cause instanceof Error ? cause.message : ""].join(" ");
  const said = message.split("\n", 1)[0];
  const cannot = (why: string) => new BootstrapError(`cannot ${what}: ${why}`);
  if (NO_NETWORK.test(text)) return cannot("Google Cloud cannot be reached; check the network and try again");
  if (code === 401 || /default credentials|invalid_grant|invalid_rapt|reauth|impersonat/i.test(text))
    return cannot(`no usable Google credentials on this machine; ${LOG_IN}`);
  if (isDisabled({ message, reason }))
    return cannot(
      `an API is off, or was enabled a moment ago and is not ready everywhere: run this again in a minute, or gcloud services enable serviceusage.googleapis.com --project=${projectId} (${said})`,
    );
  if (/billing/i.test(`${reason} ${message}`) && code !== 404)
    return cannot(
      `${projectId} has no active billing account; link one: gcloud billing projects link ${projectId} --billing-account=… (${said})`,
    );
  if (code === 404 || reason === "USER_PROJECT_DENIED" || /project.*(not found|deleted)/i.test(message))
    return cannot(
      `there is no project ${projectId}, or it is deleted; check projectId in cdktf.json (${said})`,
    );
  if (code === 403)
    return cannot(
      `your Google account may not; it needs ${role} (or roles/owner) on ${projectId}, if there is a project of that id at all (${said})`,
    );
  return cannot(said || text.trim());
}

/** Whether an API was never enabled, as each of them says in its own way. */
export function isDisabled({ message = "", reason }: Partial<ApiFault>): boolean {
  return (
    reason === "SERVICE_DISABLED" || /API has not been used in project|accessNotConfigured/.test(message)
  );
}
