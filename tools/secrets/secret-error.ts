/** Why Secret Manager did not do it. */
export type SecretFault = "credentials" | "forbidden" | "missing" | "network" | "other";

/** What Secret Manager did not do; the message says what to do about it, and never holds a value. */
export class SecretError extends Error {
  override readonly name = "SecretError";

  constructor(
    message: string,
    readonly fault: SecretFault,
  ) {
    super(message);
  }
}

const LOG_IN = "run gcloud auth application-default login";
const NO_NETWORK =
  /fetch failed|ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|TimeoutError/;

/** What an error of a call means to whoever ran the command. */
export function explainSecretError(error: unknown, secretId: string, projectId: string): SecretError {
  const { name, message, code, cause } = error as Error & { code?: number | string };
  const text = [name, message, code, cause instanceof Error ? cause.message : ""].join(" ");
  const what = `secret ${secretId} of ${projectId}`;
  if (code === 403)
    return new SecretError(
      `your Google credentials may not do that with ${what}: ${firstLine(message)}`,
      "forbidden",
    );
  if (code === 404)
    return new SecretError(
      `there is no ${what}: deploy the stack that makes it first, or check the project`,
      "missing",
    );
  if (NO_NETWORK.test(text))
    return new SecretError("Secret Manager cannot be reached: check the network and try again", "network");
  if (code === 401 || /default credentials|invalid_grant|invalid_rapt|reauth|impersonat/i.test(text))
    return new SecretError(`no usable Google credentials on this machine: ${LOG_IN}`, "credentials");
  return new SecretError(`${what}: ${firstLine(message) || text.trim()}`, "other");
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
