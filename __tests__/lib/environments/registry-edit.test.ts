import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  addEntry,
  entryChanges,
  type FieldPath,
  mergeEntries,
  removeEntry,
  setField,
  setState,
} from "../../../lib/environments/registry-edit";
import { parseRegistry } from "../../../stacks/plue/registry";
import { whyReserved } from "../../../stacks/plue/registry/engineer-names";
import { registryText } from "../../support/plue";
import fc from "../../support/properties";

const entry = (name: string) => ({ name, email: `${name}@plue.dev` });
const [alice, bob, carol] = [entry("alice"), entry("bob"), entry("carol")];
const namesIn = (text: string) => parseRegistry(text, "engineers.json").engineers.map(({ name }) => name);
const lines = (text: string) => text.split("\n");
const added = (before: string, after: string) => lines(after).filter((line) => !lines(before).includes(line));

describe("a new entry", () => {
  const text = registryText([alice, bob]);

  test("is one line more, with a comma, and no other line differs", () => {
    const after = addEntry(text, carol);
    expect(added(text, after)).toEqual(['    { "name": "carol", "email": "carol@plue.dev" },']);
    expect(added(after, text)).toEqual([]);
  });

  test("goes in front of the first that sorts behind it", () => {
    expect(namesIn(addEntry(text, entry("adam")))).toEqual(["adam", "alice", "bob"]);
    expect(namesIn(addEntry(text, entry("anna")))).toEqual(["alice", "anna", "bob"]);
  });

  test("goes in front of the last where none sorts behind it, so that the last keeps its line", () => {
    expect(namesIn(addEntry(text, carol))).toEqual(["alice", "carol", "bob"]);
  });

  test("says what else it was given", () => {
    const after = addEntry(text, { ...carol, imageTag: "main", readers: ["alice@plue.dev", "bob@plue.dev"] });
    expect(added(text, after)).toEqual([
      '    { "name": "carol", "email": "carol@plue.dev", "imageTag": "main", "readers": ["alice@plue.dev", "bob@plue.dev"] },',
    ]);
  });

  test("is the first line of an empty list", () => {
    const empty = '{\n  "engineers": []\n}\n';
    expect(addEntry(empty, carol)).toBe(
      '{\n  "engineers": [\n    { "name": "carol", "email": "carol@plue.dev" }\n  ]\n}\n',
    );
  });

  test.each([
    ["entries that share a line", '{"engineers": [{"name": "bob", "email": "bob@plue.dev"}]}'],
    ["Windows' line ends", registryText([alice, bob]).replaceAll("\n", "\r\n")],
    ["tabs", registryText([alice, bob]).replaceAll("    ", "\t\t")],
    ["a byte order mark", `\uFEFF${registryText([alice, bob])}`],
    ["an entry of several lines", `{"engineers": ${JSON.stringify([alice, bob], null, 2)}}`],
  ])("fits a file with %s, and goes without a trace", (_, before) => {
    const after = addEntry(before, carol);
    expect(namesIn(after)).toContain("carol");
    expect(after.replace(/\r\n/g, "").includes("\n")).toBe(before.replace(/\r\n/g, "").includes("\n"));
    expect(removeEntry(after, "carol")).toBe(before);
  });
});

describe("an entry that goes", () => {
  test.each([
    ["the first", "alice", ["bob", "carol"]],
    ["one in the middle", "bob", ["alice", "carol"]],
    ["the last", "carol", ["alice", "bob"]],
  ])("takes its line with it: %s", (_, name, left) => {
    const text = registryText([alice, bob, carol]);
    const after = removeEntry(text, name);
    expect(namesIn(after)).toEqual(left);
    expect(lines(after)).toHaveLength(lines(text).length - 1);
  });

  test("leaves an empty list when it was the only one", () => {
    expect(removeEntry(registryText([alice]), "alice")).toBe('{\n  "engineers": []\n}\n');
  });

  test("has to be there", () => {
    expect(() => removeEntry(registryText([alice]), "zoe")).toThrow("no entry zoe");
  });
});

describe("a state that is set", () => {
  test("is added to the entry's line as its last property", () => {
    const text = registryText([alice, bob]);
    const after = setState(text, "alice", "offboarding");
    expect(added(text, after)).toEqual([
      '    {"name":"alice","email":"alice@plue.dev", "state": "offboarding"},',
    ]);
    expect(added(after, text)).toHaveLength(1);
  });

  test("replaces the one that is there, and nothing else", () => {
    const text = registryText([{ ...alice, state: "active", imageTag: "main" }]);
    expect(setState(text, "alice", "offboarding")).toBe(text.replace('"active"', '"offboarding"'));
  });

  test("gets a line of its own where properties have one", () => {
    const text = `{"engineers": ${JSON.stringify([alice], null, 2)}}`;
    const after = setState(text, "alice", "offboarding");
    expect(added(text, after)).toEqual(['    "email": "alice@plue.dev",', '    "state": "offboarding"']);
  });
});

describe("a field", () => {
  const text =
    '{ "engineers": [\n    { "name": "alice", "email": "alice@plue.dev" },\n    { "name": "bob", "email": "bob@plue.dev" }\n] }\n';
  const bobs = (after: string) => lines(after)[2]?.trim();

  test("comes last where it is new, replaces where it is not, and leaves nothing when it goes", () => {
    const main = setField(text, "bob", ["imageTag"], "main");
    expect(bobs(main)).toBe('{ "name": "bob", "email": "bob@plue.dev", "imageTag": "main" }');
    const readers = setField(main, "bob", ["readers"], ["a@plue.dev", "b@plue.dev"]);
    expect(bobs(setField(readers, "bob", ["imageTag"], "next"))).toBe(
      '{ "name": "bob", "email": "bob@plue.dev", "imageTag": "next", "readers": ["a@plue.dev", "b@plue.dev"] }',
    );
    expect(setField(setField(readers, "bob", ["imageTag"], undefined), "bob", ["readers"], undefined)).toBe(
      text,
    );
    expect(setField(text, "bob", ["readers"], undefined)).toBe(text);
  });

  test("of parts comes with its first part and goes with its last", () => {
    const cpu = setField(text, "bob", ["quota", "cpu"], "8");
    expect(bobs(cpu)).toBe('{ "name": "bob", "email": "bob@plue.dev", "quota": { "cpu": "8" } }');
    const both = setField(cpu, "bob", ["quota", "pods"], 20);
    expect(bobs(both)).toContain('"quota": { "cpu": "8", "pods": 20 } }');
    expect(bobs(setField(both, "bob", ["quota", "cpu"], undefined))).toContain('"quota": { "pods": 20 } }');
    expect(
      setField(setField(both, "bob", ["quota", "pods"], undefined), "bob", ["quota", "cpu"], undefined),
    ).toBe(text);
    expect(setField(text, "bob", ["quota", "cpu"], undefined)).toBe(text);
    expect(
      bobs(setField(text.replace('bob@plue.dev"', '$&, "quota": {}'), "bob", ["quota", "cpu"], "2")),
    ).toContain('"quota": { "cpu": "2" } }');
  });

  test("set and taken away again gives the same bytes, whatever else is there", () => {
    const registry = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{2,10}$/), {
      minLength: 1,
      maxLength: 5,
    });
    const path = fc.constantFrom<FieldPath[]>(
      ["imageTag"],
      ["readers"],
      ["quota"],
      ["quota", "cpu"],
      ["state"],
    );
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.integer());
    fc.assert(
      fc.property(
        registry,
        path,
        value,
        fc.constantFrom("\n", "\r\n", " "),
        ([name = "", ...others], at, to, lineBreak) => {
          const before = registryText([name, ...others].map(entry)).replaceAll("\n", lineBreak);
          const after = setField(before, name, at, to);
          expect(entryChanges(before, after).map((change) => change.name)).toEqual([name]);
          expect(setField(after, name, at, undefined)).toBe(before);
        },
      ),
    );
  });
});

test("adding anybody to anything keeps the order of the others, and removing her gives the same bytes back", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{2,10}$/).filter((text) => !whyReserved(text));
  const registry = fc.uniqueArray(name, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(registry, fc.constantFrom("\n", "\r\n", " "), ([first = "", ...others], lineBreak) => {
      const before = registryText(others.map(entry)).replaceAll("\n", lineBreak);
      const after = addEntry(before, entry(first));
      expect(namesIn(after).filter((each) => each !== first)).toEqual(others);
      expect(namesIn(after)).toContain(first);
      if (others.length) expect(removeEntry(after, first)).toBe(before);
    }),
  );
});

describe("a merge of two changes", () => {
  const folder = mkdtempSync(join(tmpdir(), "plue-merge-"));
  const git = (args: readonly string[], input = "") =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@plue.dev", ...args], {
      cwd: folder,
      input,
      encoding: "utf8",
    }).trim();
  beforeAll(() => git(["init", "-q"]));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Commits of a registry and of two that come from it, under the attributes that the repository has: their ids. */
  function commits(base: string, ...branches: string[]): string[] {
    const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
    const files = (text: string) => `M 100644 inline engineers.json\n${data(text)}`;
    const commit = (ref: string, mark: number, more: string) =>
      `commit refs/heads/${ref}\nmark :${mark}\ncommitter Test <test@plue.dev> 0 +0000\n${data("x")}${more}`;
    const attributes = `M 100644 inline .gitattributes\n${data(readFileSync(".gitattributes", "utf8"))}`;
    const stream = [
      "reset refs/heads/base\n",
      commit("base", 1, attributes + files(base)),
      ...branches.map((text, index) => commit(`branch-${index}`, index + 2, `from :1\n${files(text)}`)),
      ...[0, ...branches.keys()].map((_, index) => `get-mark :${index + 1}\n`),
    ];
    return git(["fast-import", "--quiet", "--force", "--cat-blob-fd=1"], stream.join("")).split("\n");
  }

  /** What git makes of two branches; undefined where it stops with a conflict. */
  function gitMerge(base: string, ours: string, theirs: string): string | undefined {
    const [, one = "", other = ""] = commits(base, ours, theirs);
    // The attributes of a bare merge are those of the working tree.
    writeFileSync(join(folder, ".gitattributes"), readFileSync(".gitattributes"));
    const { status, stdout } = spawnSync("git", ["merge-tree", "--write-tree", one, other], {
      cwd: folder,
      encoding: "utf8",
    });
    return status === 0 ? git(["show", `${stdout.trim()}:engineers.json`]) : undefined;
  }

  /** Who is there, and as what, by name: what a merge has to get right. */
  const states = (text: string) =>
    Object.fromEntries(
      parseRegistry(text, "engineers.json").engineers.map(({ name, state, imageTag }) => [
        name,
        `${state} ${imageTag}`,
      ]),
    );

  const name = fc.constantFrom(..."abcdefghij").map((letter) => `${letter}${letter}`);
  const change = fc.record({ what: fc.constantFrom("add", "remove", "offboard"), name });
  const apply = (text: string, changes: readonly { what: string; name: string }[]) =>
    changes.reduce((now, { what, name }) => {
      const there = namesIn(now).includes(name);
      if (what === "add") return there ? now : addEntry(now, entry(name));
      if (!there) return now;
      return what === "remove" ? removeEntry(now, name) : setState(now, name, "offboarding");
    }, text);

  test("is right or a conflict, by git's lines; by entry it is right, and names what both changed", () => {
    const outcomes = { clean: 0, stopped: 0 };
    const branch = fc.array(change, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 10 }), branch, branch, (listed, mine, others) => {
        const base = registryText(listed.sort().map(entry));
        const [ours, theirs] = [apply(base, mine), apply(base, others)];
        const merged = gitMerge(base, ours, theirs);
        const { text, conflicts } = mergeEntries(base, ours, theirs);
        const [before, here, there] = [states(base), states(ours), states(theirs)];
        const expected = Object.fromEntries(
          Object.keys({ ...here, ...there }).flatMap((each) => {
            const state = here[each] === before[each] ? there[each] : here[each];
            return state === undefined ? [] : [[each, state]];
          }),
        );
        const both = Object.keys({ ...before, ...here, ...there }).filter(
          (each) => new Set([before[each], here[each], there[each]]).size === 3,
        );
        expect(states(text)).toEqual(expected);
        expect(conflicts.map(({ name }) => name)).toEqual(both.sort());
        if (merged !== undefined) expect(states(merged)).toEqual(expected);
        outcomes[merged === undefined ? "stopped" : "clean"] += 1;
      }),
      { numRuns: 40 },
    );
    // Both happen, so both were held against what is right.
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
  });

  test("does not bring back who was removed beside somebody new", () => {
    const base = registryText([alice, bob]);
    const ours = removeEntry(base, "bob");
    const theirs = addEntry(base, carol);
    expect(gitMerge(base, ours, theirs)).toBeUndefined();
    expect(namesIn(mergeEntries(base, ours, theirs).text).sort()).toEqual(["alice", "carol"]);
  });

  test("does not bring back two neighbours", () => {
    const base = registryText([alice, bob, carol]);
    const [ours, theirs] = [removeEntry(base, "bob"), removeEntry(base, "carol")];
    expect(gitMerge(base, ours, theirs)).toBeUndefined();
    expect(namesIn(mergeEntries(base, ours, theirs).text)).toEqual(["alice"]);
  });

  test("takes an entry as it was written, and one that is written another way for the same", () => {
    const base = registryText([alice, bob]);
    const spaced = base.replace('{"name":"alice"', '{ "name": "alice"');
    const theirs = setState(spaced, "bob", "offboarding");
    expect(entryChanges(base, spaced)).toEqual([]);
    const { text, conflicts } = mergeEntries(base, setState(base, "alice", "offboarding"), theirs);
    expect(conflicts).toEqual([]);
    expect(states(text)).toEqual({ alice: "offboarding alice", bob: "offboarding bob" });
    expect(text).toContain('{"name":"bob","email":"bob@plue.dev", "state": "offboarding"}');
  });
});
