import fc from "fast-check";
import { canonicalName, RESERVED_NAMES, whyReserved } from "../../../../stacks/plue/registry/names";

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
