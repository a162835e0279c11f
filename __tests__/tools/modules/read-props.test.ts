import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readSources } from "../../../tools/modules/read-props";

const folder = mkdtempSync(join(tmpdir(), "plue-props-"));
symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), "{}");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NONE = { without: [], opaque: [] };

/** Reads the interface Props of a source. */
function fieldsOf(source: string, exceptions: { without: string[]; opaque: string[] } = NONE) {
  writeFileSync(join(folder, "props.ts"), source);
  return readSources(folder, ["props.ts"]).fields("props.ts", "Props", exceptions);
}

describe("props as variables", () => {
  test("have Terraform's names and types, and the docstrings' texts", () => {
    const fields = fieldsOf(`
      /** How often. */
      interface Often { readonly times?: number }
      export interface Props {
        /** The one \`projectId\`, of \`runtimeClassName: gvisor\`. @default none */
        readonly projectId: string;
        readonly level?: "LOW" | "HIGH";
        readonly on?: boolean;
        readonly tags?: readonly string[];
        readonly byName: Record<string, Often>;
        readonly often?: Often | false;
      }`);
    const plain = { optional: false, orFalse: false, description: "" };
    const often = {
      kind: "object",
      fields: [{ ...plain, prop: "times", name: "times", optional: true, shape: { kind: "number" } }],
    };
    expect(fields).toEqual([
      {
        ...plain,
        prop: "projectId",
        name: "project_id",
        shape: { kind: "string" },
        description: "The one `project_id`, of `runtimeClassName: gvisor`.",
      },
      {
        ...plain,
        prop: "level",
        name: "level",
        optional: true,
        shape: { kind: "string", values: ["LOW", "HIGH"] },
      },
      { ...plain, prop: "on", name: "on", optional: true, shape: { kind: "boolean" } },
      {
        ...plain,
        prop: "tags",
        name: "tags",
        optional: true,
        shape: { kind: "list", item: { kind: "string" } },
      },
      { ...plain, prop: "byName", name: "by_name", shape: { kind: "map", item: often } },
      {
        ...plain,
        prop: "often",
        name: "often",
        optional: true,
        orFalse: true,
        shape: often,
        description: "How often.",
      },
    ]);
  });

  test("leave out what they are told to, and do not look into what stands for something else", () => {
    const source = `
      declare class Network { readonly id: () => string }
      export interface Props { readonly a: string; readonly network: Network; readonly b: Record<string, { c: Network }> }`;
    const fields = fieldsOf(source, { without: ["a", "b.*.c"], opaque: ["network"] });
    expect(fields.map(({ name, shape }) => [name, shape])).toEqual([
      ["network", { kind: "string" }],
      ["b", { kind: "map", item: { kind: "object", fields: [] } }],
    ]);
  });

  test("that Terraform has no type for are an error with their path", () => {
    expect(() => fieldsOf("export interface Props { readonly a: { b: string | number[] }[] }")).not.toThrow();
    expect(() => fieldsOf("export interface Props { readonly a: Record<string, number[] | Date> }")).toThrow(
      /^a\.\*: a Terraform variable cannot be /,
    );
    expect(() => readSources(folder, ["props.ts"]).fields("props.ts", "Other", NONE)).toThrow(
      "props.ts exports no Other.",
    );
  });

  test("cannot be read where the compiler is not installed, which says what to do", () => {
    const bare = mkdtempSync(join(tmpdir(), "plue-bare-"));
    try {
      expect(() => readSources(bare, [])).toThrow(/TypeScript's compiler is not installed in .*: run npm ci/);
    } finally {
      rmSync(bare, { recursive: true, force: true });
    }
  });
});
