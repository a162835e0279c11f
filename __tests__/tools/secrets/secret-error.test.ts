import { explainSecretError } from "../../../tools/secrets/secret-error";

const failed = (message: string, code?: number | string) => Object.assign(new Error(message), { code });

test.each<[string, Error, string, RegExp]>([
  [
    "a refusal",
    failed("Permission denied", 403),
    "forbidden",
    /^your Google credentials may not do that with secret key of p: Perm/,
  ],
  ["no secret", failed("Not found", 404), "missing", /^there is no secret key of p: deploy the stack/],
  [
    "no log-in",
    failed("Could not load the default credentials."),
    "credentials",
    /^no usable Google credentials/,
  ],
  [
    "an old log-in",
    failed("Request had invalid authentication", 401),
    "credentials",
    /gcloud auth application-default login$/,
  ],
  [
    "an account that may not be impersonated",
    failed("unable to impersonate: 403"),
    "credentials",
    /^no usable/,
  ],
  [
    "no network",
    new TypeError("fetch failed", { cause: failed("ENOTFOUND") }),
    "network",
    /cannot be reached/,
  ],
  [
    "silence",
    new DOMException("The operation was aborted due to timeout", "TimeoutError"),
    "network",
    /cannot be reached/,
  ],
  ["a quota", failed("Quota exceeded\nfor quota metric", 429), "other", /^secret key of p: Quota exceeded$/],
])("%s is told in one line, with what to do", (_, error, fault, message) => {
  const explained = explainSecretError(error, "key", "p");
  expect(explained.fault).toBe(fault);
  expect(explained.message).toMatch(message);
  expect(explained.message).not.toContain("\n");
});
