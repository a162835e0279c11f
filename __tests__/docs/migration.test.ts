import { readFileSync } from "node:fs";
import { describeCharts, type Manifest, passedBy, Rendered, type Rendering } from "../support/helm";

const page = readFileSync("docs/migration.md", "utf8");

/** Rows of the table under a heading. */
function rows(heading: string): string[][] {
  const part = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
  return part
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("|---"))
    .slice(1)
    .map((line) => line.split(/ *(?<!\\)\| */).slice(1, -1));
}

test("each of the seven phases says what it takes, how to know, and the way back", () => {
  const phases = rows("Phases");
  expect(phases.map(([phase]) => phase?.split(".")[0])).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  for (const cells of phases) {
    expect(cells).toHaveLength(4);
    for (const cell of cells) expect(cell.length).toBeGreaterThan(10);
  }
});

test("there is a day of soak, and a list to tick off for a phase, before the first and after the last", () => {
  expect(page).toContain("24 hours");
  for (const heading of ["Before the first", "A phase, step by step", "After the last"])
    expect(page.split(/^## /m).find((part) => part.startsWith(heading))).toMatch(/^- \[ \] /m);
});

describeCharts("the switch of where agents run", () => {
  const named = (objects: readonly Manifest[]) =>
    new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, JSON.stringify(object)]));
  const inProcess = (rendering: Rendering): Rendering => ({
    ...rendering,
    values: [...rendering.values, { runner: { mode: "in-process" } }],
  });

  test.each(["staging-alice", "production-app"])(
    "does to %s what the page says, and nothing else",
    (stack) => {
      const release = passedBy(stack);
      const [on, off] = [new Rendered(release), new Rendered(inProcess(release))].map(({ objects }) =>
        named(objects),
      ) as [Map<string, string>, Map<string, string>];
      const changed = [...on].filter(([name, text]) => off.get(name) !== text).map(([name]) => name);
      const told = rows("The switch").flatMap(([cell = ""]) =>
        [...cell.matchAll(/`([A-Z]\w+\/[\w-]+)`/g)].map(([, name = ""]) => name),
      );
      expect([...off.keys()].filter((name) => !on.has(name))).toEqual([]);
      expect(changed.filter((name) => !told.includes(name))).toEqual([]);
      // Production has all of them.
      if (stack === "production-app") expect(told.filter((name) => !changed.includes(name))).toEqual([]);
    },
  );
});
