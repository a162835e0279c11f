import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolderBeside } from "../../lib/core/temporary-folder";
import { publishFolder } from "../../tools/generated-folder";
import { readFiles } from "../support/program";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plue-publish-"));
  folder = join(root, "below", "ejected");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Publishes the files. */
function publish(files: Record<string, string>): void {
  publishFolder(folder, (partial) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(partial, path, ".."), { recursive: true });
      writeFileSync(join(partial, path), text);
    }
  });
}

test("a folder is written, and replaced by a later run: what is gone is gone", () => {
  publish({ "a.tf": "1", "modules/b/main.tf": "2" });
  publish({ "a.tf": "3" });
  expect([...readFiles(folder).keys()]).toEqual([".plue-files.json", "a.tf"]);
  expect(readFileSync(join(folder, "a.tf"), "utf8")).toBe("3");
  expect(readdirSync(join(root, "below"))).toEqual(["ejected"]);
});

describe("a run that was killed", () => {
  /** Its folder for temporary files, as if a process of that number had made it. */
  function abandoned(): string {
    const mine = temporaryFolderBeside(folder);
    const { pid } = spawnSync("true");
    const gone = mine.replace(`-${process.pid}-`, `-${pid}-`);
    renameSync(mine, gone);
    return gone;
  }

  test("between taking the older folder away and putting the next in place: the older one is there again", () => {
    publish({ "a.tf": "1" });
    const previous = join(abandoned(), "previous");
    renameSync(folder, previous);
    writeFileSync(join(previous, "notes.txt"), "mine");
    expect(() => publish({ "a.tf": "2" })).toThrow("notes.txt");
    expect(readFileSync(join(folder, "a.tf"), "utf8")).toBe("1");
    expect(readdirSync(join(root, "below"))).toEqual(["ejected"]);
  });

  test("leaves nothing after the next one", () => {
    publish({ "a.tf": "1" });
    mkdirSync(join(abandoned(), "next"));
    mkdirSync(join(abandoned(), "previous"));
    publish({ "a.tf": "2" });
    expect(readFileSync(join(folder, "a.tf"), "utf8")).toBe("2");
    expect(readdirSync(join(root, "below"))).toEqual(["ejected"]);
  });
});

test.each([
  ["a file that was there before", { "notes.txt": "mine" }, /notes\.txt/],
  ["a file that was changed since", { "a.tf": "edited" }, /a\.tf/],
  [
    "what terraform init leaves, as somebody works there",
    { ".terraform/x": "", ".terraform.lock.hcl": "" },
    /\.terraform\.lock\.hcl, \.terraform\/x/,
  ],
])("%s is refused by name, and everything stays as it is", (_, added, named) => {
  publish({ "a.tf": "1" });
  for (const [path, text] of Object.entries(added)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const before = readFiles(folder);
  expect(() => publish({ "a.tf": "2" })).toThrow("holds what was not written here, or was changed since: ");
  expect(() => publish({ "a.tf": "2" })).toThrow(named);
  expect(readFiles(folder)).toEqual(before);
  expect(readdirSync(join(root, "below"))).toEqual(["ejected"]);
});

test("a folder that git for Windows checked out is ours all the same", () => {
  publish({ "a.tf": "1\n" });
  for (const [file, text] of readFiles(folder))
    writeFileSync(join(folder, file), text.replaceAll("\n", "\r\n"));
  publish({ "a.tf": "2\n" });
  expect(readFileSync(join(folder, "a.tf"), "utf8")).toBe("2\n");
});

test("a folder of somebody else's with a list of files like ours is refused", () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ".plue-files.json"), '{"files": null}');
  writeFileSync(join(folder, "main.tf"), "");
  expect(() => publish({})).toThrow(/main\.tf/);
});

test("a file of that name is refused", () => {
  mkdirSync(join(root, "below"));
  writeFileSync(folder, "");
  expect(() => publish({})).toThrow("is a file, not a folder");
});

test("when writing fails, nothing is left and the older folder stays", () => {
  publish({ "a.tf": "1" });
  expect(() =>
    publishFolder(folder, (partial) => {
      writeFileSync(join(partial, "a.tf"), "half");
      throw new Error("no space");
    }),
  ).toThrow("no space");
  expect(readFileSync(join(folder, "a.tf"), "utf8")).toBe("1");
  expect(readdirSync(join(root, "below"))).toEqual(["ejected"]);
  expect(existsSync(join(folder, ".plue-files.json"))).toBe(true);
});

describe("when the new folder cannot be put in place", () => {
  /** Fails to rename to the folder as often as this. */
  function failing(times: number): void {
    const { renameSync } = jest.requireActual<typeof import("node:fs")>("node:fs");
    let left = times;
    jest.spyOn(require("node:fs"), "renameSync").mockImplementation((from, to) => {
      if (to === folder && left-- > 0) throw new Error("EPERM: it is open elsewhere");
      renameSync(from as string, to as string);
    });
  }
  afterEach(() => jest.restoreAllMocks());

  test("the older one is back as it was", () => {
    publish({ "a.tf": "1" });
    const before = readFiles(folder);
    failing(1);
    expect(() => publish({ "a.tf": "2" })).toThrow("EPERM: it is open elsewhere");
    expect(readFiles(folder)).toEqual(before);
    expect(readdirSync(join(root, "below"))).toEqual(["ejected"]);
  });

  test("nor the older one back, it is kept, and the error says where", () => {
    publish({ "a.tf": "1" });
    const before = readFiles(folder);
    failing(2);
    expect(() => publish({ "a.tf": "2" })).toThrow(/could not be replaced .*\. What it held is in /);
    const [left = ""] = readdirSync(join(root, "below"));
    expect(readFiles(join(root, "below", left, "previous"))).toEqual(before);
  });
});

test("an empty folder is filled", () => {
  mkdirSync(folder, { recursive: true });
  publish({ "a.tf": "1" });
  expect(readFileSync(join(folder, "a.tf"), "utf8")).toBe("1");
});

test("a place that cannot be written is the system's error", () => {
  writeFileSync(join(root, "below"), "");
  expect(() => publish({ "a.tf": "1" })).toThrow(expect.objectContaining({ syscall: "mkdir" }));
});
