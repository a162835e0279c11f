import { whyReserved } from "../../stacks/plue/registry/engineer-names";
import type { RegistryEntry } from "./program";
import fc from "./properties";

/** Valid names. None begins with a, so that a test can bring names of its own. */
export const names = fc
  .stringMatching(/^[b-z](?:[a-z0-9-]{0,12}[a-z0-9])?$/)
  .filter((name) => whyReserved(name) === undefined);

/** Valid names that a careless program could take for something else, or for each other. */
export const awkwardNames = fc
  .constantFrom(
    // biome-ignore format: one list of words
    ...["b", "bo", "bob", "bob-b", "bo-bb", "b--b", "bob-state", "bob-deployer", "tf-staging-bob", "staging-base",
      "google", "helm", "kubernetes", "backend", "terraform", "shared", "deployer", "state", "release", "database",
      "runner", "zig-api", "image", "quota", "prod", "data", "var", "true", "null"],
  )
  .filter((name) => whyReserved(name) === undefined);

const readers = fc.uniqueArray(
  names.map((name) => `${name}@readers.dev`),
  { maxLength: 3 },
);

const quota = fc.record(
  {
    cpu: fc.oneof(
      fc.integer({ min: 2, max: 16 }).map(String),
      fc.integer({ min: 2000, max: 16000 }).map((m) => `${m}m`),
    ),
    memory: fc.oneof(
      fc.integer({ min: 4, max: 48 }).map((g) => `${g}Gi`),
      fc.integer({ min: 4096, max: 49152 }).map((m) => `${m}Mi`),
    ),
    pods: fc.integer({ min: 10, max: 60 }),
    storage: fc.integer({ min: 10, max: 100 }).map((g) => `${g}Gi`),
  },
  { requiredKeys: [] },
);

const optional = fc.record(
  {
    state: fc.constantFrom("active", "offboarding"),
    // Of nobody else: an account stands in one entry.
    account: fc.uuid().map((id) => ({
      github: id.slice(0, 23),
      githubId: String(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)),
    })),
    imageTag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
    quota,
    readers,
  },
  { requiredKeys: [] },
);

/** A valid entry of anybody of these names. */
export const entry = (name: fc.Arbitrary<string> = names): fc.Arbitrary<RegistryEntry> =>
  fc
    .tuple(name, optional)
    .map(([name, { account, ...rest }]) => ({ name, email: `${name}@plue.dev`, ...account, ...rest }));

/** The entries of a valid registry. */
export const entries = (minLength: number, name?: fc.Arbitrary<string>, maxLength = 6) =>
  fc.uniqueArray(entry(name), { selector: ({ name }) => name, minLength, maxLength });
