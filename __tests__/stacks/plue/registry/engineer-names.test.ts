import {
  canonicalName,
  engineerNames,
  MAX_NAME_LENGTH,
  RESERVED_NAMES,
  whyReserved,
} from "../../../../stacks/plue/registry/engineer-names";
import fc from "../../../support/properties";

test("everything that is called after alice", () => {
  expect(engineerNames("alice", "plue-staging")).toEqual({
    stack: "staging-alice",
    namespace: "alice",
    database: "plue_alice",
    runtimeAccountId: "staging-alice",
    runtimeEmail: "staging-alice@plue-staging.iam.gserviceaccount.com",
    databaseUser: "staging-alice@plue-staging.iam",
    deployerAccountId: "tf-staging-alice",
    deployerEmail: "tf-staging-alice@plue-staging.iam.gserviceaccount.com",
    stateFolder: "staging-alice/",
    hostLabel: "alice",
  });
});

test("a database takes _ for every -", () => {
  expect(engineerNames("mary-ann-o", "p").database).toBe("plue_mary_ann_o");
});

/** What each of the names may be, where it is used. */
const LIMITS = {
  stack: /^[a-z0-9-]{1,255}$/,
  namespace: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  database: /^[a-z][a-z0-9_]{0,62}$/,
  runtimeAccountId: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  deployerAccountId: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  databaseUser: /^.{1,63}$/,
  stateFolder: /^[a-z0-9-]{1,254}\/$/,
  hostLabel: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
};
const tooMuchFor = (name: string) => {
  const longestProject = `p${"x".repeat(29)}`;
  const names = engineerNames(name, longestProject);
  return Object.entries(LIMITS)
    .filter(([key, limit]) => !limit.test(names[key as keyof typeof LIMITS]))
    .map(([key]) => key);
};

test("the shortest and the longest name fit everywhere, with the longest project id", () => {
  expect(tooMuchFor("a")).toEqual([]);
  expect(tooMuchFor("a".repeat(MAX_NAME_LENGTH))).toEqual([]);
});

test("the limit is no tighter than it must be, and which limit comes next is known", () => {
  expect(MAX_NAME_LENGTH).toBe(19);
  expect(tooMuchFor("a".repeat(20))).toEqual(["deployerAccountId"]);
  expect(tooMuchFor("a".repeat(21))).toEqual(["deployerAccountId", "databaseUser"]);
  expect(tooMuchFor("a".repeat(23))).toEqual(["runtimeAccountId", "deployerAccountId", "databaseUser"]);
});

test("every name that a stack, a namespace or a host has already is reserved, with the reason", () => {
  const taken = [
    "base",
    "platform",
    "access",
    "production",
    "app",
    "default",
    "workflows",
    "plue",
    "external-secrets",
  ];
  const hosts = ["www", "api", "staging"];
  const systems = [
    "kube-system",
    "gke-managed-system",
    "gmp-public",
    "gateway",
    "gateway-system",
    "istio-system",
  ];
  for (const name of [...taken, ...hosts, ...systems, "xn--80ak6aa92e", "constructor"])
    expect(whyReserved(name)).toMatch(/^.{20}/);
});

test.each(["alice", "gate", "kubernetes", "gkeeper", "base-two", "apis", "toString", "__proto__"])(
  "%s is not reserved",
  (name) => expect(whyReserved(name)).toBeUndefined(),
);

test("no reserved name is reserved for nothing: each could be an engineer's otherwise", () => {
  for (const name of Object.keys(RESERVED_NAMES)) expect(name).toMatch(/^[a-z][a-z0-9-]{0,18}$/);
});

test("a right name stands for itself", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/), (name) => {
      expect(canonicalName(name)).toBe(name);
    }),
  );
});

test.each([
  ["Bob_", "bob"],
  ["Al Ice", "al-ice"],
  ["al.ice", "al-ice"],
  ["alice@plue.dev", "alice"],
  ["O'Brien", "obrien"],
  ["José", "jose"],
  ["ａｌｉｃｅ", "alice"],
  ["\u0430l\u0456ce", "alice"],
  ["al–ice", "al-ice"],
  ["al\u200bice", "alice"],
  ["Strauß", "strauss"],
])("%j stands for %s", (wrong, right) => expect(canonicalName(wrong)).toBe(right));

test.each(["", "_", "жук", "李", "a!", "\u001b[2J"])("what %j stands for cannot be told", (wrong) =>
  expect(canonicalName(wrong)).toBeUndefined(),
);
