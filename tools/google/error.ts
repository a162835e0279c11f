import { CliError, EXIT } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";

/** Why Google Cloud did not do what it was asked. */
export type GoogleFault =
  | "network"
  | "credentials"
  | "impersonation"
  | "disabled"
  | "billing"
  | "forbidden"
  | "missing"
  | "conflict"
  | "quota"
  | "server"
  | "other";

/** What was asked of Google Cloud, by whoever explains that it was not done. */
export interface Attempt {
  /** As it follows "cannot": `make the bucket plue-terraform-state`. */
  readonly what: string;
  readonly projectId: string;
  /** The least role that allows it. */
  readonly role: string;
  /** What has to be there, on which the role counts. @default the project */
  readonly of?: {
    /** `bucket plue-terraform-state` */
    readonly name: string;
    /** What to do where it is not there. */
    readonly ifMissing: string;
  };
}

/**
 * What Google Cloud did not do; the message says what to do about it, and holds nothing of what was sent.
 *
 * It has no `cause`: the error of a client carries the request, and with it a secret's value.
 */
export class GoogleError extends CliError {
  constructor(
    readonly fault: GoogleFault,
    what: string,
    /** The message without what was being done: the same for everything that fails for this reason. */
    readonly why: string,
  ) {
    super(`cannot ${what}: ${why}`, EXIT.state);
  }
}

export const LOG_IN = "gcloud auth application-default login";

/** An error as Google's clients throw it: of gaxios, of Cloud Storage, of an operation, or of the system. */
interface ClientError {
  readonly name?: string;
  readonly message?: unknown;
  /** HTTP status, or a word such as ECONNRESET. */
  readonly code?: number | string;
  readonly cause?: unknown;
  readonly errors?: readonly { readonly message?: string; readonly reason?: string }[];
  readonly details?: readonly { readonly reason?: string }[];
  readonly response?: {
    readonly status?: number;
    readonly data?: { readonly error?: ClientError };
  };
}

/** What of it tells one fault from another. */
interface Answer {
  /** HTTP status; undefined where nobody answered. */
  readonly status?: number;
  /** Machine-readable, such as `SERVICE_DISABLED`. */
  readonly reason: string;
  /** Everything that it says. */
  readonly text: string;
  /** Its first line, for the message. */
  readonly said: string;
}

const NO_NETWORK =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPIPE|socket hang up|fetch failed|network timeout|TimeoutError|Premature close|certificate|maximum redirect|Invalid URL/;
const LOGGED_OUT = /default credentials|invalid_grant|invalid_rapt|reauth/i;
/** A file of credentials that is not there, not JSON, or without what it should hold. */
const BAD_FILE = /The file at|JSON|private_key|client_email|refresh_token/;
/** What an API says that was never enabled, each in its own way. */
const DISABLED = /SERVICE_DISABLED|accessNotConfigured|API has not been used in project/;
const EXHAUSTED = /RESOURCE_EXHAUSTED|RATE_LIMIT_EXCEEDED|rateLimitExceeded|quotaExceeded/;

/** The first that is so is the fault. */
const FAULTS: readonly (readonly [GoogleFault, (answer: Answer) => boolean])[] = [
  // 407: the proxy wants a log-in.
  ["network", ({ status, text }) => (status === undefined ? NO_NETWORK.test(text) : status === 407)],
  ["credentials", ({ status, text }) => status === 401 || LOGGED_OUT.test(text)],
  ["disabled", ({ reason, text }) => DISABLED.test(`${reason} ${text}`)],
  ["impersonation", ({ text }) => /impersonat|getAccessToken|iamcredentials/i.test(text)],
  ["credentials", ({ status, text }) => status === undefined && BAD_FILE.test(text)],
  ["quota", ({ status, reason }) => status === 429 || EXHAUSTED.test(reason)],
  ["missing", ({ status }) => status === 404],
  ["billing", ({ reason, text }) => /BILLING|billing (account|to be enabled)/.test(`${reason} ${text}`)],
  [
    "missing",
    ({ reason, said }) => reason === "USER_PROJECT_DENIED" || /project.*(not found|deleted)/i.test(said),
  ],
  ["forbidden", ({ status }) => status === 403],
  ["conflict", ({ status }) => status === 409 || status === 412],
  ["server", ({ status = 0 }) => status >= 500],
];

/** What kind of fault an error of one of Google's clients is. */
export function faultOf(error: unknown): GoogleFault {
  if (error instanceof GoogleError) return error.fault;
  const answer = readAnswer(error as ClientError);
  return FAULTS.find(([, isIt]) => isIt(answer))?.[0] ?? "other";
}

/** What an error of one of Google's clients means to whoever ran the command; what is explained already stays as it is. */
export function explainGoogleError(error: unknown, attempt: Attempt): CliError {
  if (error instanceof CliError) return error;
  const fault = faultOf(error);
  const { said, text } = readAnswer(error as ClientError);
  if (fault === "other") return new GoogleError(fault, attempt.what, said || cleanLine(text.trim()));
  const [cause, instead] = WORDING[fault](attempt, text);
  return new GoogleError(fault, attempt.what, `${cause}${said && ` (${said})`}: ${instead}`);
}

type Wording = (attempt: Attempt, text: string) => readonly [cause: string, instead: string];

const WORDING: Record<Exclude<GoogleFault, "other">, Wording> = {
  network: () => [
    "Google Cloud cannot be reached",
    `check the network (behind a proxy, HTTPS_PROXY and NODE_EXTRA_CA_CERTS) and try again${emulators()}`,
  ],
  credentials: () => [
    "no usable Google credentials on this machine",
    process.env["GOOGLE_APPLICATION_CREDENTIALS"]
      ? `correct GOOGLE_APPLICATION_CREDENTIALS, or unset it and run ${LOG_IN}`
      : `run ${LOG_IN}`,
  ],
  impersonation: () => [
    "your Google account may not act as that service account",
    `its engineer and the platform team may once staging-access is deployed with her entry, and log in as themselves: ${LOG_IN}`,
  ],
  disabled: ({ projectId }, text) => [
    "an API is off, or was enabled a moment ago and is not ready everywhere",
    `run this again in a minute, or gcloud services enable ${apiIn(text)} --project=${projectId}`,
  ],
  billing: ({ projectId }) => [
    `${projectId} has no active billing account`,
    `link one: gcloud billing projects link ${projectId} --billing-account=…`,
  ],
  // Google answers the same for what does not exist.
  forbidden: (attempt) => [
    "your Google account may not",
    `it needs at least ${attempt.role} on ${subjectOf(attempt).name}, if there is one of that name`,
  ],
  missing: (attempt) => [`there is no ${subjectOf(attempt).name}`, subjectOf(attempt).ifMissing],
  conflict: () => ["somebody else changed it at the same time", "run this again"],
  quota: () => ["Google takes no more of these calls for now", "try again in a minute"],
  server: () => [
    "Google Cloud failed",
    "try again in a minute; https://status.cloud.google.com says whether it is down",
  ],
};

function subjectOf({ projectId, of }: Attempt): Required<Attempt>["of"] {
  return of ?? { name: `project ${projectId}`, ifMissing: "check projectId in cdktf.json" };
}

/** The API that a message is about, which has to be on before all others where it does not say. */
function apiIn(text: string): string {
  return /\b[a-z]+\.googleapis\.com\b/.exec(text)?.[0] ?? "serviceusage.googleapis.com";
}

/** What the environment has called instead of Google. */
function emulators(): string {
  const set = Object.keys(process.env).filter(
    (name) => /^[A-Z_]+_EMULATOR_HOST$/.test(name) && process.env[name],
  );
  return set.length > 0 ? `, or unset ${set.join(" and ")}` : "";
}

function readAnswer(error: ClientError): Answer {
  const { name, message, code, cause, response } = error;
  const body = response?.data?.error ?? error;
  const status = response?.status ?? (typeof code === "number" ? code : undefined);
  const reason =
    [...(body.details ?? []), ...(body.errors ?? [])].find((detail) => detail.reason)?.reason ?? "";
  const text = [name, message, code, body.message, cause instanceof Error ? cause.message : ""].join(" ");
  const told = [body.errors?.[0]?.message, body.message, message].find(
    (candidate) => typeof candidate === "string",
  );
  return { ...(status !== undefined && { status }), reason, text, said: shorten(String(told ?? ""), status) };
}

/** The first line, made harmless, without the address that was called; the status instead of nothing or a page of HTML. */
function shorten(told: string, status: number | undefined): string {
  const [line = ""] = told.trim().split("\n", 1);
  if (status !== undefined && /^(<|$)/.test(line)) return `HTTP status ${status}`;
  return cleanLine(line.replace(/^.*, reason: /, "").replace(/\.$/, ""));
}
