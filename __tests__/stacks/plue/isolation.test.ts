import { engineerNames } from "../../../stacks/plue/registry/engineer-names";
import { sharedStacks } from "../../../stacks/plue/stacks";
import { ALICE, type RegistryEntry, sharedFiles } from "../../support/program";
import fc from "../../support/properties";
import { awkwardNames, entries, names } from "../../support/registries";
import { Synthesized } from "../../support/synth";
import { tokensOf } from "../../support/walk";

const stackOf = ({ name }: RegistryEntry) => `staging-${name}`;
const deployerOf = ({ name }: RegistryEntry) => engineerNames(name, "plue-staging").deployerEmail;
const registries = (minLength: number) => entries(minLength, fc.oneof(names, awkwardNames), 4);

// Every property sees the same registries, as all have one seed, so that each is synthesized once.
const known = new Map<string, Map<string, string>>();

/** The Terraform of each stack, as it is on disk. */
function texts(engineers: readonly RegistryEntry[]): Map<string, string> {
  const key = JSON.stringify(engineers);
  const stacks = known.get(key) ?? synthesizeTexts(engineers);
  known.set(key, stacks);
  return stacks;
}

function synthesizeTexts(engineers: readonly RegistryEntry[]): Map<string, string> {
  const files = sharedFiles({ engineers });
  return new Map(
    files.flatMap(([path, text]): [string, string][] => {
      const stack = /^stacks\/(.+)\/cdk\.tf\.json$/.exec(path)?.[1];
      return stack ? [[stack, text]] : [];
    }),
  );
}
const parsed = (text: string | undefined) => new Synthesized(JSON.parse(text ?? "null"));

describe("a change of the registry", () => {
  type Entries = readonly RegistryEntry[];
  /** The registry after a change to `entry`, and whose stacks differ by it. Nobody of `registries` is alice. */
  interface Change {
    readonly after: Entries;
    readonly touched: readonly string[];
  }
  const replace = (entries: Entries, entry: RegistryEntry, ...by: RegistryEntry[]) =>
    entries.flatMap((other) => (other === entry ? by : [other]));
  const changes: Record<string, (before: Entries, entry: RegistryEntry) => Change> = {
    "somebody joins": (before, entry) => ({
      after: replace(before, entry, ALICE, entry),
      touched: ["staging-access", "staging-alice"],
    }),
    "somebody leaves": (before, entry) => ({
      after: replace(before, entry),
      touched: ["staging-access", stackOf(entry)],
    }),
    "somebody is renamed": (before, entry) => ({
      after: replace(before, entry, { ...entry, name: "alice" }),
      touched: ["staging-access", stackOf(entry), "staging-alice"],
    }),
    "somebody begins to leave, or comes back": (before, entry) => ({
      after: replace(before, entry, {
        ...entry,
        state: entry["state"] === "offboarding" ? "active" : "offboarding",
      }),
      touched: ["staging-access", stackOf(entry)],
    }),
    "the order changes": (before) => ({ after: [...before].reverse(), touched: [] }),
  };

  test.each(Object.entries(changes))("%s: no stack differs but theirs and staging-access", (_, change) => {
    fc.assert(
      fc.property(registries(1), fc.nat(), (before, at) => {
        const { after, touched } = change(before, before[at % before.length] as RegistryEntry);
        const [old, changed] = [texts(before), texts(after)];
        const stacks = [...new Set([...old.keys(), ...changed.keys()])];
        const different = stacks.filter((stack) => old.get(stack) !== changed.get(stack));
        expect(different.sort()).toEqual([...touched].sort());
      }),
      { numRuns: 8 },
    );
  });
});

describe("whoever is in the registry", () => {
  /** Names that are parts of each other, beside what chance brings. */
  const family = ["bob", "bo", "bob-b", "alice", "lice"].map((name) => ({ name, email: `${name}@plue.dev` }));
  const assert = (check: (stacks: Map<string, string>, engineers: readonly RegistryEntry[]) => void) =>
    fc.assert(
      fc.property(registries(1), fc.nat(), (engineers, _at) => check(texts(engineers), engineers)),
      { numRuns: 12, examples: [[family, 0]] },
    );

  test("there is a stack for each, and each stack keeps its state under its own name", () => {
    assert((stacks, engineers) => {
      const shared = sharedStacks();
      expect([...stacks.keys()].sort()).toEqual([...shared, ...engineers.map(stackOf)].sort());
      const backends = [...stacks.values()].map((text) => parsed(text).json["terraform"].backend.gcs);
      expect(backends).toEqual(
        [...stacks.keys()].map((prefix) => {
          const engineer = engineers.find((engineer) => stackOf(engineer) === prefix);
          const backend = { bucket: "plue-terraform-state", prefix };
          return engineer ? { ...backend, impersonate_service_account: deployerOf(engineer) } : backend;
        }),
      );
    });
  });

  test("an engineer's stack names nothing of another engineer's", () => {
    assert((stacks, engineers) => {
      for (const engineer of engineers) {
        const tokens = tokensOf(parsed(stacks.get(stackOf(engineer))).json);
        for (const other of engineers.filter((other) => other !== engineer)) {
          // A namespace is any word, so it proves nothing by itself; what is made of it does.
          const { namespace: _, hostLabel, ...called } = engineerNames(other.name, "plue-staging");
          const theirs = [other.email, `${hostLabel}.staging.plue.dev`, ...Object.values(called)];
          expect(theirs.filter((name) => tokens.has(name))).toEqual([]);
        }
      }
    });
  });

  test("an engineer's stack reads staging-base and images, and makes no IAM and no login", () => {
    assert((stacks, engineers) => {
      for (const engineer of engineers) {
        const { json } = parsed(stacks.get(stackOf(engineer)));
        const { terraform_remote_state: states, ...reads } = json["data"];
        const configs = Object.values<{ config: object }>(states).map(({ config }) => config);
        expect(configs).toEqual([
          {
            bucket: "plue-terraform-state",
            prefix: "staging-base",
            impersonate_service_account: "${var.acting_as}",
          },
        ]);
        expect(Object.keys(reads)).toEqual(
          engineer["state"] === "offboarding" ? [] : ["google_artifact_registry_docker_image"],
        );
        const google = Object.keys(json["resource"]).filter((type) => type.startsWith("google_"));
        expect(google).toEqual(["google_sql_database"]);
      }
    });
  });

  test("an engineer's release logs in as what staging-access made for it, and as nobody else", () => {
    assert((stacks, engineers) => {
      const logins = parsed(stacks.get("staging-access")).resources("google_sql_user");
      const users = engineers.map(
        (engineer) =>
          parsed(stacks.get(stackOf(engineer))).json["locals"].staging_release_values.database.user,
      );
      expect(users.sort()).toEqual(
        Object.values(logins)
          .map(({ name }) => name)
          .sort(),
      );
      expect(new Set(users).size).toBe(engineers.length);
    });
  });

  test("nothing in staging mentions production, but for the roles on the bucket that both share", () => {
    assert((stacks) => {
      for (const [stack, text] of stacks) {
        const own =
          stack === "staging-bootstrap"
            ? text.replace(/projects\/plue-prod\/roles\/terraformState/g, "")
            : text;
        if (stack.startsWith("staging-")) expect(own).not.toMatch(/plue-prod|production/);
      }
    });
  });
});
