import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { publish } from "../../../lib/core/publish";
import { readFiles } from "../../support/program";

let folder: string;
let from: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-output-"));
  from = join(folder, "new");
  to = join(folder, "out");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const alice = { "manifest.json": "{}", "stacks/staging-alice/cdk.tf.json": "alice" };

describe("publish", () => {
  /** Publishes these files. */
  const publishFiles = (files: Record<string, string>) => {
    rmSync(from, { recursive: true, force: true });
    write(from, files);
    publish(from, to);
  };
  const published = () => Object.fromEntries(readFiles(to));

  test("makes the output folder", () => {
    publishFiles(alice);
    expect(published()).toEqual(alice);
  });

  test("replaces what differs, and leaves the rest with its time", () => {
    publishFiles({ ...alice, "stacks/staging-bob/cdk.tf.json": "bob" });
    const yesterday = new Date("2026-01-02T03:04:05Z");
    for (const name of ["alice", "bob"])
      utimesSync(join(to, "stacks", `staging-${name}`, "cdk.tf.json"), yesterday, yesterday);
    publishFiles({ ...alice, "stacks/staging-bob/cdk.tf.json": "robert" });
    expect(published()).toEqual({ ...alice, "stacks/staging-bob/cdk.tf.json": "robert" });
    const time = (name: string) => statSync(join(to, "stacks", `staging-${name}`, "cdk.tf.json")).mtimeMs;
    expect(time("alice")).toBe(yesterday.getTime());
    expect(time("bob")).toBeGreaterThan(yesterday.getTime());
  });

  test("keeps what Terraform and people have in the folder of a stack", () => {
    const kept = {
      "stacks/staging-alice/.terraform/providers/google": "a plug-in",
      "stacks/staging-alice/.terraform.lock.hcl": "its hash",
      "stacks/staging-alice/terraform.tfstate": "a state",
    };
    write(to, kept);
    publishFiles(alice);
    expect(published()).toEqual({ ...alice, ...kept });
  });

  test("takes a stack that is gone away, with what can be made again", () => {
    write(to, {
      "stacks/staging-bob/cdk.tf.json": "bob",
      "stacks/staging-bob/.terraform/providers/google": "a plug-in",
      "stacks/staging-bob/.terraform.lock.hcl": "its hash",
      "stacks/staging-bob/plan": "a plan",
    });
    publishFiles(alice);
    expect(existsSync(join(to, "stacks", "staging-bob"))).toBe(false);
  });

  describe("started by the CLI, which removes the folders that it listed before", () => {
    const publishForCli = () => {
      write(from, alice);
      const moved = publish(from, to, true);
      return moved.map((path) => relative(to, path));
    };

    test("leaves the folder of a stack that is gone to it, empty", () => {
      write(to, {
        "stacks/staging-bob/cdk.tf.json": "bob",
        "stacks/staging-bob/.terraform/providers/google": "a plug-in",
        "stacks/staging-carol/main.tf": "carol",
      });
      expect(publishForCli()).toEqual([]);
      expect(published()).toEqual(alice);
      expect(readdirSync(join(to, "stacks")).sort()).toEqual([
        "staging-alice",
        "staging-bob",
        "staging-carol",
      ]);
    });

    test("moves what cannot be made again out of its way, each time to a place of its own", () => {
      for (const [index, place] of ["kept/staging-bob", "kept/staging-bob-2"].entries()) {
        write(to, {
          "stacks/staging-bob/cdk.tf.json": "bob",
          "stacks/staging-bob/errored.tfstate": `state ${index}`,
        });
        expect(publishForCli()).toEqual([place]);
        expect(readdirSync(join(to, "stacks", "staging-bob"))).toEqual([]);
      }
      expect(published()).toEqual({
        ...alice,
        "kept/staging-bob/errored.tfstate": "state 0",
        "kept/staging-bob-2/errored.tfstate": "state 1",
      });
    });
  });

  test("but not what cannot: a state, or a file of somebody's", () => {
    const kept = {
      "stacks/staging-bob/terraform.tfstate": "a state",
      "stacks/staging-eve/notes.txt": "mine",
    };
    write(to, { ...kept, "stacks/staging-bob/cdk.tf.json": "bob" });
    publishFiles(alice);
    expect(published()).toEqual({ ...alice, ...kept });
  });

  test("a stack that changes from HCL to JSON keeps none of its old files", () => {
    write(to, { "stacks/staging-alice/cdk.tf": "x", "stacks/staging-alice/metadata.json": "x" });
    publishFiles(alice);
    expect(published()).toEqual(alice);
  });

  test("charts have no file that the source does not have", () => {
    publishFiles({ ...alice, "charts/plue/Chart.yaml": "1", "charts/plue/templates/old.yaml": "1" });
    publishFiles({ ...alice, "charts/plue/Chart.yaml": "1", "charts/plue/templates/new.yaml": "1" });
    expect(published()).toEqual({
      ...alice,
      "charts/plue/Chart.yaml": "1",
      "charts/plue/templates/new.yaml": "1",
    });
  });

  test("archives of functions neither", () => {
    publishFiles({ ...alice, "functions/old.zip": "1" });
    publishFiles({ ...alice, "functions/new.zip": "1" });
    expect(published()).toEqual({ ...alice, "functions/new.zip": "1" });
  });

  test("files that an operating system leaves among the stacks are none of its business", () => {
    write(to, { "stacks/.DS_Store": "x" });
    publishFiles(alice);
    expect(published()).toEqual({ ...alice, "stacks/.DS_Store": "x" });
  });

  test("the manifest comes last: whoever reads it finds what it names", () => {
    // A folder where a stack's file belongs stops it half way.
    mkdirSync(join(to, "stacks", "staging-alice", "cdk.tf.json", "x"), { recursive: true });
    write(to, { "manifest.json": "old" });
    expect(() => publishFiles(alice)).toThrow();
    expect(readFileSync(join(to, "manifest.json"), "utf8")).toBe("old");
  });
});
