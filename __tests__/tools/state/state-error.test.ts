import { explainStorageError, StateError } from "../../../tools/state/state-error";

const explain = (message: string, code?: number | string) =>
  explainStorageError(Object.assign(new Error(message), { code }), "plue-terraform-state", "every state");

test.each([
  ["request to https://… failed, reason: getaddrinfo ENOTFOUND storage.googleapis.com", undefined, "network"],
  ["unable to impersonate: request to https://… failed, reason: read ECONNRESET", undefined, "network"],
  ["connect ECONNREFUSED 127.0.0.1:1", "ECONNREFUSED", "network"],
  ["Could not load the default credentials. Browse to …", undefined, "credentials"],
  ["invalid_grant: reauth related error (invalid_rapt)", 400, "credentials"],
  ["The file at /nope.json does not exist, or it is not a file.", undefined, "credentials"],
  ["Unexpected end of JSON input", undefined, "credentials"],
  ["unable to impersonate: Permission 'iam.serviceAccounts.getAccessToken' denied", 403, "credentials"],
  ["storage.objects.list denied", 403, "forbidden"],
  ["The specified bucket does not exist.", 404, "bucket"],
  ["Internal error", 500, "other"],
])("%s (%s) is about %s", (message, code, fault) => {
  expect(explain(message, code).fault).toBe(fault);
});

test("no network: the reason, without the address that was called", () => {
  expect(explain("request to https://x/y?z failed, reason: getaddrinfo ENOTFOUND x").message).toBe(
    "Google Cloud Storage cannot be reached (getaddrinfo ENOTFOUND x): check the network and try again",
  );
});

test("what is explained already stays as it is", () => {
  const error = new StateError("known", "damaged");
  expect(explainStorageError(error, "b", "w")).toBe(error);
});
