import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plue } from "../../../stacks/plue";
import { Bootstrap } from "../../../tools/bootstrap/steps";
import { EXIT } from "../../../tools/command-line/errors";
import { explainGoogleError, GoogleError, type GoogleFault } from "../../../tools/google/error";
import { SecretManager } from "../../../tools/secrets/secret-manager";
import { StateBucket } from "../../../tools/state/state-bucket";
import { HOSTILE, obeyed } from "../../support/hostile-text";

const LOG_IN = "gcloud auth application-default login";
const EMULATORS = ["GOOGLE_APIS_EMULATOR_HOST", "SECRET_MANAGER_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"];

/** Google, answering everybody the same. */
let server: Server;
let host: string;
interface Answer {
  readonly status: number;
  readonly body: object;
}
let answer: Answer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "plue-google-"));
  server = createServer((request, response) => {
    // A log-in succeeds; what is done with it does not.
    const { status, body } =
      request.url === "/token"
        ? { status: 200, body: { access_token: "t", token_type: "Bearer", issued_token_type: "t" } }
        : answer;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  for (const name of [...EMULATORS, "GOOGLE_APPLICATION_CREDENTIALS"]) delete process.env[name];
});

/** Who asks Google for something: what, with which role, on what, and what to do where that is missing. */
const callers = [
  {
    name: "bootstrap",
    what: "see whether to enable cloudkms.googleapis.com, cloudresourcemanager.googleapis.com, serviceusage.googleapis.com, storage.googleapis.com in plue-prod",
    role: "roles/serviceusage.serviceUsageAdmin",
    of: "project plue-prod",
    ifMissing: "check projectId in cdktf.json",
    call: () => new Bootstrap(plue.readProject(), "production").missing(),
  },
  {
    name: "status",
    what: "read the state of staging-bob in gs://plue-terraform-state",
    role: "roles/storage.objectViewer",
    of: "bucket plue-terraform-state",
    ifMissing: "check stateBucket in cdktf.json, or run npx plue bootstrap before the first deployment",
    call: async () => {
      const { error } = await new StateBucket("plue-terraform-state", "plue-prod").stack("staging-bob");
      if (error) throw error;
    },
  },
  {
    name: "secrets",
    what: "list the versions of secret key of plue-prod",
    role: "roles/secretmanager.viewer",
    of: "secret key of plue-prod",
    ifMissing: "deploy the stack that makes it first, or check projectId in cdktf.json",
    call: () => new SecretManager("plue-prod").versions("key"),
  },
] as const;
type Caller = (typeof callers)[number];

const refused = (code: number, message: string, reason = ""): Answer => ({
  status: code,
  body: { error: { code, message, errors: [{ message, reason }], details: reason ? [{ reason }] : [] } },
});
const emulated = (status: number, message: string, reason?: string) => () => {
  for (const name of EMULATORS) process.env[name] = host;
  answer = refused(status, message, reason);
};
/** Credentials in a file: that text, or a workflow's, which act as a service account. */
const credentials = (text?: string, refusal = refused(403, "no")) => {
  return () => {
    answer = refusal;
    writeFileSync(join(folder, "subject"), "token");
    writeFileSync(
      join(folder, "credentials.json"),
      text ??
        JSON.stringify({
          type: "external_account",
          audience: "//iam.googleapis.com/x",
          subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
          token_url: `http://${host}/token`,
          service_account_impersonation_url: `http://${host}/v1/projects/-/serviceAccounts/a@b:generateAccessToken`,
          credential_source: { file: join(folder, "subject") },
        }),
    );
    process.env["GOOGLE_APPLICATION_CREDENTIALS"] = join(folder, "credentials.json");
  };
};

const kinds: Record<string, [GoogleFault, arrange: () => void, sentence: (caller: Caller) => string]> = {
  "nobody answers": [
    "network",
    () => {
      for (const name of EMULATORS) process.env[name] = "127.0.0.1:1";
    },
    () =>
      `Google Cloud cannot be reached (connect ECONNREFUSED 127.0.0.1:1): check the network (behind a proxy, HTTPS_PROXY and NODE_EXTRA_CA_CERTS) and try again, or unset ${EMULATORS.join(" and ")}`,
  ],
  "a proxy that wants a log-in": [
    "network",
    emulated(407, "Proxy Authentication Required"),
    () =>
      `Google Cloud cannot be reached (Proxy Authentication Required): check the network (behind a proxy, HTTPS_PROXY and NODE_EXTRA_CA_CERTS) and try again, or unset ${EMULATORS.join(" and ")}`,
  ],
  "a log-in that has ended": [
    "credentials",
    emulated(401, "Request had invalid authentication credentials."),
    () =>
      `no usable Google credentials on this machine (Request had invalid authentication credentials): run ${LOG_IN}`,
  ],
  "a file of credentials that is none": [
    "credentials",
    credentials("{}"),
    () =>
      `no usable Google credentials on this machine (The incoming JSON object does not contain a client_email field): correct GOOGLE_APPLICATION_CREDENTIALS, or unset it and run ${LOG_IN}`,
  ],
  "a service account that is not one's own": [
    "impersonation",
    credentials(
      undefined,
      refused(403, "Permission 'iam.serviceAccounts.getAccessToken' denied on resource"),
    ),
    () =>
      `your Google account may not act as that service account (Permission 'iam.serviceAccounts.getAccessToken' denied on resource): its engineer and the platform team may once staging-access is deployed with her entry, and log in as themselves: ${LOG_IN}`,
  ],
  "an API that is off": [
    "disabled",
    emulated(403, "Some API has not been used in project 1. Enable some.googleapis.com", "SERVICE_DISABLED"),
    () =>
      "an API is off, or was enabled a moment ago and is not ready everywhere (Some API has not been used in project 1. Enable some.googleapis.com): run this again in a minute, or gcloud services enable some.googleapis.com --project=plue-prod",
  ],
  "no billing": [
    "billing",
    emulated(403, "This API method requires billing to be enabled.", "BILLING_DISABLED"),
    () =>
      "plue-prod has no active billing account (This API method requires billing to be enabled): link one: gcloud billing projects link plue-prod --billing-account=…",
  ],
  "no rights": [
    "forbidden",
    emulated(403, "Permission denied."),
    ({ role, of }) =>
      `your Google account may not (Permission denied): it needs at least ${role} on ${of}, if there is one of that name`,
  ],
  "nothing of that name": [
    "missing",
    emulated(404, "Not found."),
    ({ of, ifMissing }) => `there is no ${of} (Not found): ${ifMissing}`,
  ],
  "a change in between": [
    "conflict",
    emulated(409, "Concurrent policy changes"),
    () => "somebody else changed it at the same time (Concurrent policy changes): run this again",
  ],
  "too many calls": [
    "quota",
    emulated(429, "Quota exceeded for quota metric\nof the project"),
    () =>
      "Google takes no more of these calls for now (Quota exceeded for quota metric): try again in a minute",
  ],
  "a fault of Google's": [
    "server",
    emulated(503, "The service is currently unavailable."),
    () =>
      "Google Cloud failed (The service is currently unavailable): try again in a minute; https://status.cloud.google.com says whether it is down",
  ],
  "what nobody foresaw": ["other", emulated(418, "short and stout"), () => "short and stout"],
};

describe.each(Object.entries(kinds))("%s", (_, [fault, arrange, sentence]) => {
  test.each(callers)("is the same sentence for $name", async (caller) => {
    arrange();
    const error = await caller.call().then(
      () => new Error("nothing was refused"),
      (refusal) => refusal,
    );
    expect(error).toMatchObject({
      message: `cannot ${caller.what}: ${sentence(caller)}`,
      why: sentence(caller),
      fault,
      exitCode: EXIT.state,
    });
  });
});

test.each(callers)("through the proxy of HTTPS_PROXY, which wants a log-in: $name", async ({ call }) => {
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  credentials(undefined, { status: 200, body: { accessToken: "t", expireTime: "2100-01-01T00:00:00Z" } })();
  process.env["HTTPS_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  process.env["NO_PROXY"] = "127.0.0.1";
  try {
    await expect(call()).rejects.toMatchObject({
      fault: "network",
      message: expect.stringMatching(/\(.*\): check the network \(behind a proxy, HTTPS_PROXY and/),
    });
    expect(asked[0]).toMatch(/^(serviceusage|storage|secretmanager)\.googleapis\.com:443$/);
  } finally {
    for (const name of ["HTTPS_PROXY", "NO_PROXY"]) delete process.env[name];
    proxy.closeAllConnections();
    proxy.close();
  }
});

const attempt = { what: "do it", projectId: "p", role: "roles/r" };
const failed = (message: string, more: object = {}) => Object.assign(new Error(message), more);

test.each<[string, Error, GoogleFault]>([
  ["silence", failed("network timeout at: https://x"), "network"],
  ["a connection that ends", failed("request to https://x failed, reason: socket hang up"), "network"],
  ["a proxy's certificate", failed("self-signed certificate in certificate chain"), "network"],
  ["no network, noticed while impersonating", failed("unable to impersonate: read ECONNRESET"), "network"],
  ["no log-in", failed("Could not load the default credentials. Browse to …"), "credentials"],
  ["a log-in to renew", failed("invalid_grant: reauth related error", { code: 400 }), "credentials"],
  ["a file that is not there", failed("The file at /nope.json does not exist."), "credentials"],
  ["a log-in that ended, of who impersonates", failed("unable to impersonate", { code: 401 }), "credentials"],
  [
    "calls above a rate",
    failed("slow down", { code: 403, errors: [{ reason: "rateLimitExceeded" }] }),
    "quota",
  ],
  ["a project that is gone", failed("Project 'p' not found or deleted.", { code: 403 }), "missing"],
  [
    "a project that may not be charged",
    failed("no", { code: 403, details: [{ reason: "USER_PROJECT_DENIED" }] }),
    "missing",
  ],
  ["a condition that does not hold", failed("conditionNotMet", { code: 412 }), "conflict"],
  ["a project called billing", failed("denied on project billing", { code: 403 }), "forbidden"],
])("%s is known by what clients say of it", (_, error, fault) => {
  expect(explainGoogleError(error, attempt)).toMatchObject({ fault });
});

test("a page of HTML is told by its status", () => {
  const error = failed("<!DOCTYPE html>\n<p>Error", { response: { status: 502, data: "<!DOCTYPE html>" } });
  expect(explainGoogleError(error, attempt).message).toMatch(
    /^cannot do it: Google Cloud failed \(HTTP status 502\)/,
  );
});

test("whatever Google repeats of somebody's, nothing of it is obeyed or ends a line", () => {
  const errors = [
    Object.assign(new Error("x"), { code: 403, errors: [{ message: HOSTILE }] }),
    new Error(HOSTILE),
  ];
  for (const error of errors) {
    const { message } = explainGoogleError(error, attempt);
    expect(message).toContain("x\\u001b[2J");
    expect(obeyed(message)).toEqual([]);
    expect(message).not.toContain("\n");
  }
});

test("what is explained already stays as it is", () => {
  const error = new GoogleError("forbidden", "look", "no");
  expect(explainGoogleError(error, attempt)).toBe(error);
});
