/** Why state cannot be read. */
export type StateFault = "credentials" | "forbidden" | "bucket" | "network" | "damaged" | "newer" | "other";

/** State that could not be read; the message says what to do about it. */
export class StateError extends Error {
  override readonly name = "StateError";

  constructor(
    message: string,
    readonly fault: StateFault,
  ) {
    super(message);
  }
}

const LOG_IN = "gcloud auth application-default login";
const NO_NETWORK =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|socket hang up|network timeout/;

/** A file of credentials that is not there, not JSON, or without what it should hold. */
const BAD_FILE = /^The file at|JSON|private_key|client_email|refresh_token/;

/** What an error of the storage client means to whoever ran the command. */
export function explainStorageError(error: unknown, bucket: string, what: string): StateError {
  if (error instanceof StateError) return error;
  const { message, code, cause } = error as Error & { code?: number | string };
  const text = [message, code, cause instanceof Error ? cause.message : ""].join(" ");
  if (NO_NETWORK.test(text))
    return new StateError(
      `${endpoint()} cannot be reached (${reason(message)}): check the network and try again`,
      "network",
    );
  if (/impersonat|getAccessToken|iamcredentials/i.test(text))
    return new StateError(
      `your Google account may not act as the service account of your credentials (${firstLine(message)}): ` +
        `an engineer may once staging-access is deployed with her entry; then run ${LOG_IN} --impersonate-service-account=…`,
      "credentials",
    );
  if (code === 401 || /default credentials|invalid_grant|invalid_rapt|reauth/i.test(text))
    return new StateError(`no usable Google credentials on this machine: run ${LOG_IN}`, "credentials");
  if (BAD_FILE.test(text))
    return new StateError(
      `the file with your Google credentials cannot be used (${firstLine(message)}): run ${LOG_IN}, or correct GOOGLE_APPLICATION_CREDENTIALS`,
      "credentials",
    );
  if (code === 404)
    return new StateError(
      `there is no bucket ${bucket}: check stateBucket in cdktf.json, or run npx plue bootstrap before the first deployment`,
      "bucket",
    );
  if (code === 403)
    return new StateError(`your Google credentials may not read ${what} in gs://${bucket}`, "forbidden");
  return new StateError(`${what} in gs://${bucket} cannot be read: ${firstLine(message)}`, "other");
}

function endpoint(): string {
  const emulator = process.env["STORAGE_EMULATOR_HOST"];
  return emulator ? `${emulator} (STORAGE_EMULATOR_HOST)` : "Google Cloud Storage";
}

/** What the client says behind the address that it called. */
function reason(message: string): string {
  return firstLine(message).replace(/^.*, reason: /, "");
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
