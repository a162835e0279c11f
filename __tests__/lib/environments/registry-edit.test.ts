import fc from "fast-check";
import { addEntry, removeEntry, setState } from "../../../lib/environments/registry-edit";
import { parseRegistry } from "../../../stacks/plue/registry";
import { whyReserved } from "../../../stacks/plue/registry/engineer-names";
import { registryText } from "../../support/plue";

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
