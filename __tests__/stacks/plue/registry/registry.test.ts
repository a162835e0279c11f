import { InvalidInputError } from "../../../../lib/input/problems";
import { parseRegistry, readRegistry } from "../../../../stacks/plue/registry";
import { printedBy, problemsOf, textAt } from "../../../support/problems";
import type { RegistryEntry } from "../../../support/program";
import fc from "../../../support/properties";
import { entries as lists } from "../../../support/registries";

const parse = (text: string) => parseRegistry(text, "engineers.json");
const print = (text: string) => printedBy(() => parse(text));

/** A registry with one entry a line, the first in line 3, each value after its key at a known column. */
const registry = (...entries: (object | null)[]) =>
  `{\n  "engineers": [\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n")}\n  ]\n}\n`;
const alice = { name: "alice", email: "alice@plue.dev" };
const bob = { name: "bob", email: "bob@plue.dev" };

test("the committed registry is right, whoever is in it", () => {
  expect(problemsOf(() => readRegistry("engineers.json"))).toEqual([]);
});

test("an entry has defaults: active, its own image tag, no readers, its label", () => {
  expect(parse(registry(alice))).toEqual({
    engineers: [{ ...alice, state: "active", imageTag: "alice", readers: [], labels: { owner: "alice" } }],
  });
});

test("everything an entry may say is kept", () => {
  const full = {
    ...bob,
    state: "offboarding",
    imageTag: "feature_1.2-x",
    quota: { cpu: "2500m", memory: "8Gi", pods: 20, storage: "20480Mi" },
    readers: ["carol@plue.dev", "alice@plue.dev"],
  };
  expect(parse(registry(alice, full)).engineers[1]).toEqual({ ...full, labels: { owner: "bob" } });
});

test("no engineers are a valid registry", () => {
  expect(parse('{"$schema": "./engineers.schema.json", "engineers": []}')).toEqual({ engineers: [] });
});

describe("what is refused, with place and remedy", () => {
  test.each<[what: string, text: string, ...expected: string[]]>([
    ["not an object", "[]", '1:1: expected an object, for instance {"engineers":[]}; found an empty list'],
    ["nothing", "null", '1:1: expected an object, for instance {"engineers":[]}; found null'],
    [
      "no list",
      '{"engineers": {"alice": {}}}',
      '1:15: engineers: expected a list, for instance [{"name":"bob","email":"bob@plue.dev"}]; found an object',
    ],
    [
      "an unknown key at the top",
      '{"engineers": [], "team": 1}',
      '1:19: team: unknown key "team": known here are "engineers"',
    ],
    ["an entry that is none", registry(alice, null), "4:5: engineers[1]: expected an object; found null"],
    [
      "missing keys",
      registry({}),
      '3:5: engineers[0]: the key "name" is missing: for instance "name": "bob"',
      '3:5: engineers[0]: the key "email" is missing: for instance "email": "bob@plue.dev"',
    ],
    [
      "a misspelled key",
      registry({ name: "alice", emial: "alice@plue.dev" }),
      '3:21: engineers[0].emial: unknown key "emial": did you mean "email"?',
    ],
    [
      "an unknown key",
      registry({ ...alice, team: "core" }),
      '3:46: engineers[0].team: unknown key "team": known here are "name", "email", "github", "githubId", "state", "imageTag", "quota", "readers"',
    ],
    [
      "a name of the wrong type",
      registry({ ...alice, name: 7 }),
      '3:13: engineers[0].name: expected a string, for instance "bob"; found 7',
    ],
    [
      "a name that is no DNS label",
      registry(alice, { ...bob, name: "Bob_" }),
      '4:13: engineers[1].name: "Bob_" is not a DNS label: use lower-case letters, digits and hyphens, beginning with a letter, for instance "bob"',
    ],
    [
      "an empty name",
      registry({ ...alice, name: "" }),
      '3:13: engineers[0].name: "" is not a DNS label: it is empty; use lower-case letters, digits and hyphens, beginning with a letter, for instance "bob"',
    ],
    [
      "a name with a space that nobody sees",
      registry({ ...alice, name: "alice " }),
      '3:13: engineers[0].name: "alice " is not a DNS label: character 6 is a space; use lower-case letters, digits and hyphens, beginning with a letter, for instance "alice"',
    ],
    [
      "a name with a letter of another alphabet",
      registry({ ...alice, name: "\u0430lice" }),
      '3:13: engineers[0].name: "\u0430lice" is not a DNS label: character 1 is "\u0430" (U+0430, Cyrillic), which is not "a"; use lower-case letters, digits and hyphens, beginning with a letter, for instance "alice"',
    ],
    [
      "a name with an escape sequence",
      registry({ ...alice, name: "\u001b[2Jx" }),
      '3:13: engineers[0].name: "\\u001b[2Jx" is not a DNS label: character 1 is a control character (U+001B); use lower-case letters, digits and hyphens, beginning with a letter, for instance "bob"',
    ],
    [
      "a name that is too long",
      registry({ ...alice, name: "abcdefghijklmnopqrst" }),
      '3:13: engineers[0].name: "abcdefghijklmnopqrst" has 20 characters: at most 19, because the service account tf-staging-<name> may have 30',
    ],
    [
      "a reserved name, which is a stack already",
      registry({ ...alice, name: "base" }),
      '3:13: engineers[0].name: "base" is reserved: staging-base is the stack of the shared cloud resources. Choose another name',
    ],
    [
      "a reserved name, however long",
      registry({ ...alice, name: "kube-system-of-alice" }),
      '3:13: engineers[0].name: "kube-system-of-alice" has 20 characters: at most 19, because the service account tf-staging-<name> may have 30',
      '3:13: engineers[0].name: "kube-system-of-alice" is reserved: Kubernetes keeps these namespaces for itself. Choose another name',
    ],
    [
      "a name of JavaScript's own",
      registry({ ...alice, name: "__proto__" }, { ...bob, name: "constructor" }),
      '3:13: engineers[0].name: "__proto__" is not a DNS label: use lower-case letters, digits and hyphens, beginning with a letter, for instance "proto"',
      '4:13: engineers[1].name: "constructor" is reserved: it is a property of every JavaScript object. Choose another name',
    ],
    [
      "a key of JavaScript's own",
      '{"engineers": [{"name": "a", "email": "a@plue.dev", "__proto__": {"state": "offboarding"}}]}',
      '1:53: engineers[0].__proto__: "__proto__" may not be a key here or anywhere: remove it',
    ],
    [
      "a name that is there already",
      registry(alice, bob, { ...alice, email: "a@plue.dev" }),
      '5:13: engineers[2].name: "alice" is the name of engineers[0] too: call one of them something else',
    ],
    [
      "a name that is there already, though it is none",
      registry({ ...alice, name: "жук" }, { ...bob, name: "жук" }),
      '3:13: engineers[0].name: "жук" is not a DNS label: character 1 is "ж" (U+0436, Cyrillic); use lower-case letters, digits and hyphens, beginning with a letter, for instance "bob"',
      '4:13: engineers[1].name: "жук" is the name of engineers[0] too: call one of them something else',
    ],
    [
      "a reserved name in capitals: the remedy is not reserved itself",
      registry({ ...alice, name: "Platform" }),
      '3:13: engineers[0].name: "Platform" is not a DNS label: use lower-case letters, digits and hyphens, beginning with a letter, for instance "bob"',
    ],
    [
      "a name that differs by case alone: the one spelled wrong is to blame, wherever it stands",
      registry({ ...bob, name: "Alice" }, alice),
      '3:13: engineers[0].name: "Alice" stands for the same name as "alice" of engineers[1]: call one of them something else',
    ],
    [
      "a name that differs by _ for - alone",
      registry({ ...alice, name: "al-ice" }, { ...bob, name: "al_ice" }),
      '4:13: engineers[1].name: "al_ice" stands for the same name as "al-ice" of engineers[0]: call one of them something else',
    ],
    [
      "a name that only looks like another",
      registry(alice, { ...bob, name: "\u0430lice" }),
      '4:13: engineers[1].name: "\u0430lice" stands for the same name as "alice" of engineers[0]; character 1 is "\u0430" (U+0430, Cyrillic), which is not "a": call one of them something else',
    ],
    [
      "an e-mail address that is there already",
      registry(alice, { ...bob, email: "Alice@plue.dev" }),
      '4:27: engineers[1].email: "Alice@plue.dev" stands for the same e-mail address as "alice@plue.dev" of engineers[0]: one account has one environment, so remove an entry',
    ],
    [
      "an e-mail address that is none",
      registry({ ...alice, email: "alice" }),
      '3:29: engineers[0].email: "alice" is not an e-mail address: write it in full and in lower case, for instance "bob@plue.dev"',
    ],
    [
      "an e-mail address that IAM would spell another way",
      registry({ ...alice, email: "Alice@Plue.dev" }),
      '3:29: engineers[0].email: "Alice@Plue.dev" is not an e-mail address: write it in full and in lower case, for instance "alice@plue.dev"',
    ],
    [
      "a GitHub login that is its page",
      registry({ ...alice, github: "https://github.com/Alice-P" }),
      '3:55: engineers[0].github: "https://github.com/Alice-P" is not a GitHub login: write it as the profile page does, capitals included, without @, for instance "Alice-P"',
    ],
    [
      "a GitHub login of two, as GitHub tells no capitals apart",
      registry(
        { ...alice, github: "plue-a", githubId: "1" },
        { name: "bob", email: "bob@plue.dev", github: "Plue-A", githubId: "2" },
      ),
      '4:51: engineers[1].github: "Plue-A" stands for the same GitHub login as "plue-a" of engineers[0]: one account pushes for one environment',
    ],
    [
      "a GitHub account of two, by its number",
      registry(
        { ...alice, github: "a", githubId: "1" },
        { name: "bob", email: "bob@plue.dev", github: "b", githubId: "1" },
      ),
      '4:66: engineers[1].githubId: "1" is the GitHub account of engineers[0] too: one account pushes for one environment',
    ],
    [
      "a GitHub login without its number, or a number without its login",
      registry({ ...alice, github: "plue-a" }, { name: "bob", email: "bob@plue.dev", githubId: "2" }),
      '3:5: engineers[0]: github "plue-a" has no "githubId" beside it: add the number that gh api users/plue-a --jq .id tells',
      '4:5: engineers[1]: githubId "2" has no "github" beside it: add the login of that account',
    ],
    [
      "a state that is none",
      registry({ ...alice, state: "offbording" }),
      '3:54: engineers[0].state: "offbording" is not one of "active", "offboarding": did you mean "offboarding"?',
    ],
    [
      "an image with its tag",
      registry({ ...alice, imageTag: "zig-api:main" }),
      '3:57: engineers[0].imageTag: "zig-api:main" is not an image tag: use letters, digits, "_", "." and "-", for instance "main"',
    ],
    [
      "amounts that mean something else to Kubernetes",
      registry({ ...alice, quota: { cpu: 4, memory: "16GB", storage: "400m" } }),
      '3:61: engineers[0].quota.cpu: expected a string, for instance "6"; found 4',
      '3:72: engineers[0].quota.memory: "16GB" is not an amount of memory or storage: write a whole number of Mi or Gi, for instance "16Gi"',
      '3:89: engineers[0].quota.storage: "400m" is not an amount of memory or storage: write a whole number of Mi or Gi, for instance "400Mi"',
    ],
    [
      "more than one engineer may have, and less than works",
      registry({ ...alice, quota: { cpu: "16001m", memory: "1Gi", pods: 1000, storage: "1Ti" } }),
      '3:61: engineers[0].quota.cpu: "16001m" is out of bounds: from 2 to 16',
      '3:79: engineers[0].quota.memory: "1Gi" is out of bounds: from 4Gi to 48Gi',
      "3:92: engineers[0].quota.pods: 1000 is too large: at most 60",
      '3:107: engineers[0].quota.storage: "1Ti" is not an amount of memory or storage: write a whole number of Mi or Gi, for instance "20Gi"',
    ],
    [
      "readers who are listed for nothing",
      registry({ ...alice, readers: ["bob@plue.dev", "alice@plue.dev", "bob@plue.dev", 5] }),
      '3:72: engineers[0].readers[1]: "alice@plue.dev" owns this environment: remove it here',
      '3:89: engineers[0].readers[2]: "bob@plue.dev" is listed already: remove it here',
      '3:104: engineers[0].readers[3]: expected a string, for instance "carol@plue.dev"; found 5',
    ],
  ])("%s", (_, text, ...expected) => {
    expect(print(text)).toEqual(expected.map((line) => `engineers.json:${line}`));
  });
});

// ---- properties over random registries ----

const indents = fc.constantFrom(0, 1, 2, "\t");

test("every valid registry is taken, in order, with nothing but defaults added", () => {
  fc.assert(
    fc.property(lists(0), indents, fc.boolean(), (engineers, indent, crlf) => {
      const text = JSON.stringify({ engineers }, null, indent);
      expect(parse(crlf ? text.replaceAll("\n", "\r\n") : text).engineers).toEqual(
        engineers.map((entry) => ({
          state: "active",
          imageTag: entry.name,
          readers: [],
          labels: { owner: entry.name },
          ...entry,
        })),
      );
    }),
  );
});

/** A way to spoil an entry: what becomes of it, where that is wrong, and how the complaint begins. */
interface Mutation {
  readonly of: (entry: RegistryEntry, other: RegistryEntry) => object;
  readonly at: string;
  readonly complaint: RegExp;
  /** The complaint points at the key, or at the entry that lacks something. */
  readonly points?: "key" | "entry";
}
const onValue = (key: string, value: unknown, complaint: RegExp): Mutation => ({
  of: (entry) => ({ ...entry, [key]: value }),
  at: key,
  complaint,
});
const without = (key: string): Mutation => ({
  of: ({ [key]: _, ...rest }) => rest,
  at: key,
  complaint: /^the key "\w+" is missing/,
  points: "entry",
});
const mutations: Mutation[] = [
  {
    of: (e) => ({ ...e, name: `${e.name}_` }),
    at: "name",
    complaint: /not a DNS label: .*, for instance "[b-z]/,
  },
  { of: (e) => ({ ...e, name: `-${e.name}` }), at: "name", complaint: /not a DNS label/ },
  { of: (e) => ({ ...e, name: e.name.toUpperCase() }), at: "name", complaint: /not a DNS label/ },
  {
    of: (e) => ({ ...e, name: `${e.name}\u0430` }),
    at: "name",
    complaint: /is "\u0430" \(U\+0430, Cyrillic\), which is not "a"/,
  },
  {
    of: (e) => ({ ...e, name: `${e.name}\u200b` }),
    at: "name",
    complaint: /^"[^\u200b]*\\u200b" .* is invisible \(U\+200B\)/,
  },
  {
    of: (e) => ({ ...e, name: e.name.padEnd(20, "x") }),
    at: "name",
    complaint: /has 20 characters: at most 19/,
  },
  {
    of: (e, other) => ({ ...e, name: other.name }),
    at: "name",
    complaint: /is the name of engineers\[\d\] too/,
  },
  {
    of: (e, other) => ({ ...e, name: other.name.toUpperCase() }),
    at: "name",
    complaint: /stands for the same name as/,
  },
  {
    of: (e, other) => ({ ...e, email: other.email }),
    at: "email",
    complaint: /is the e-mail address of engineers\[\d\] too/,
  },
  {
    of: (e, other) => ({ ...e, email: other.email.toUpperCase() }),
    at: "email",
    complaint: /stands for the same e-mail/,
  },
  onValue("name", "production", /is reserved: production is a stack/),
  onValue("name", "gateway1", /is reserved: the namespace gateway/),
  onValue("name", "constructor", /is reserved/),
  onValue("name", "__proto__", /is not a DNS label/),
  onValue("name", null, /^expected a string, for instance "bob"; found null/),
  onValue("email", "a@b", /is not an e-mail address/),
  onValue("email", ["a@b.de"], /^expected a string, .*; found a list/),
  onValue("state", "Active", /^"Active" is not one of .* did you mean "active"/),
  onValue("imageTag", "", /^"" is not an image tag: it is empty/),
  onValue("quota", "2", /^expected an object, .*; found "2"/),
  onValue("readers", "bob@plue.dev", /^expected a list, .*; found "bob@plue.dev"/),
  without("name"),
  without("email"),
  { ...onValue("nickname", 1, /^unknown key "nickname"/), points: "key" },
  { ...onValue("reader", [], /^unknown key "reader": did you mean "readers"\?/), points: "key" },
  { ...onValue("prototype", {}, /may not be a key/), points: "key" },
];

test("every way to spoil one entry gives its one complaint, which points at what was spoiled", () => {
  fc.assert(
    fc.property(
      lists(2),
      indents,
      fc.nat(),
      fc.constantFrom(...mutations),
      (engineers, indent, where, mutation) => {
        const index = where % engineers.length;
        const entry = engineers[index] as RegistryEntry;
        const spoiled = mutation.of(entry, engineers[(index + 1) % engineers.length] as RegistryEntry);
        const entries = engineers.map((good, i) => (i === index ? (spoiled as RegistryEntry) : good));
        const text = JSON.stringify({ engineers: entries }, null, indent);
        const problems = problemsOf(() => parse(text));

        expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(mutation.complaint)]);
        const [problem] = problems;
        if (!problem) return;
        const there = textAt(text, problem);
        const path =
          mutation.points === "entry"
            ? ["engineers", problem.path[1]]
            : ["engineers", problem.path[1], mutation.at];
        expect(problem.path).toEqual(path);
        const blamed = entries[problem.path[1] as number] as RegistryEntry;
        const value = mutation.points === "entry" ? blamed : blamed[mutation.at];
        const expected = mutation.points === "key" ? mutation.at : value;
        expect(there.replace(/\s/g, "").startsWith(JSON.stringify(expected).replace(/\s/g, ""))).toBe(true);
      },
    ),
    { numRuns: 600 },
  );
});

test("whatever the text, it is taken or refused with InvalidInputError, in lines that are safe to print", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ engineers: value })),
    fc.array(fc.jsonValue()).map((values) => JSON.stringify({ engineers: values })),
    fc
      .array(fc.record({ name: fc.anything(), email: fc.string({ unit: "binary" }), quota: fc.jsonValue() }))
      .map((values) =>
        JSON.stringify({ engineers: values }, (_, v) => (typeof v === "bigint" ? String(v) : v)),
      )
      .filter((text) => text !== undefined),
    fc
      .tuple(
        fc.constant(registry(alice, bob)),
        fc.nat(),
        fc.nat(8),
        fc.string({ unit: "binary", maxLength: 3 }),
      )
      .map(
        ([text, at, cut, piece]) =>
          text.slice(0, at % text.length) + piece + text.slice((at % text.length) + cut),
      ),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInputError);
        const lines = (error as InvalidInputError).message.split("\n");
        for (const line of lines) {
          expect(line).toMatch(/^engineers\.json:\d+:\d+: ./);
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("of a thousand engineers, every one wrong, each mistake is told", () => {
  const wrong = Array.from({ length: 1000 }, (_, i) => ({ name: `Engineer_${i}`, email: "x", nmae: i }));
  expect(problemsOf(() => parse(JSON.stringify({ engineers: wrong }, null, 2))).length).toBe(3000);
});
