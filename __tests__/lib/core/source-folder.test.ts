import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SourceFolder, type SourceFolderProps } from "../../../lib/core/source-folder";

describe("SourceFolder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plue-source-"));
    for (const [file, text] of Object.entries({
      ".ignore": "*.tmp\r\ncache/\r\n",
      "b.txt": "b\r\n",
      "a/c.txt": "c\n",
      "a/d.tmp": "left behind",
      "cache/e.txt": "left behind",
    })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (over: Partial<SourceFolderProps> = {}) =>
    new SourceFolder({ path: folder, ignoreFile: ".ignore", withoutIgnoreFile: "write one.", ...over });

  test("is what its ignore file leaves in, sorted, with the line ends that git stores", () => {
    const source = read();
    expect(source.files).toEqual(["a/c.txt", "b.txt"]);
    expect(source.read("b.txt").toString()).toBe("b\n");
    expect(read({ ignoredAnyway: ["a/?.txt"] }).files).toEqual(["b.txt"]);
  });

  test("has a hash that changes with its files, and with nothing else", () => {
    const { hash } = read();
    writeFileSync(join(folder, "f.tmp"), "left behind");
    writeFileSync(join(folder, "b.txt"), "b\n");
    expect(read().hash).toBe(hash);
    writeFileSync(join(folder, "b.txt"), "B\n");
    expect(read().hash).not.toBe(hash);
  });

  test("without an ignore file is an error that says what to do", () => {
    expect(() => read({ ignoreFile: ".other" })).toThrow(`${folder}/.other: is missing: write one.`);
  });
});
