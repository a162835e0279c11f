import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { FunctionSource } from "../../../../lib/google/cloud-function";
import { testWith } from "../../../support/needs";

const FOLDER = "__tests__/lib/google/cloud-function/rotate-secrets";

describe("FunctionSource", () => {
  let scratch: string;
  let folder: string;

  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "plue-function-"));
    folder = join(scratch, "rotate-secrets");
    cpSync(FOLDER, folder, { recursive: true });
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  const staged = (source: FunctionSource) => {
    source.stage(scratch);
    return readFileSync(join(scratch, "functions", "rotate-secrets.zip"));
  };
  const write = (file: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };

  test("knows its name, its files and where a stack finds its archive", () => {
    expect(new FunctionSource(FOLDER)).toMatchObject({
      name: "rotate-secrets",
      files: ["main.py", "requirements.txt"],
      reference: "../../functions/rotate-secrets.zip",
      hash: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  test("is the same bytes on every machine", () => {
    rmSync(folder, { recursive: true });
    write(".gcloudignore", "");
    write("main.py", "def main(event):\n    pass\n");
    // Worked out once: another time, mode, time zone, file system or zlib must not change it.
    expect(new FunctionSource(folder).hash).toBe("66065bc3348e");
  });

  test("does not change with times, modes, line ends and what is left behind in the folder", () => {
    const { hash } = new FunctionSource(FOLDER);
    for (const file of ["main.py", "requirements.txt"]) {
      const text = readFileSync(join(folder, file), "utf8");
      write(file, text.replaceAll("\n", "\r\n"));
      chmodSync(join(folder, file), 0o755);
      utimesSync(join(folder, file), 1, 1);
    }
    for (const leftover of [".DS_Store", "main.py~", "__pycache__/main.cpython-312.pyc", "main copy.py"])
      write(leftover, "left behind");
    const source = new FunctionSource(folder);
    expect(source.hash).toBe(hash);
    expect(staged(source)).toEqual(staged(new FunctionSource(FOLDER)));
  });

  test("changes with the content and with the name of a file", () => {
    const { hash } = new FunctionSource(folder);
    write("main.py", "def rotate_secret(event): ...\n");
    const changed = new FunctionSource(folder).hash;
    write("lib/more.py", "");
    expect(new Set([hash, changed, new FunctionSource(folder).hash]).size).toBe(3);
  });

  test("is an archive of its files, byte for byte, folders and all", () => {
    const binary = Buffer.from([0x89, 0x0d, 0x0a, 0x00, 0xff]);
    write("assets/ä.bin", binary);
    const files = unzipSync(staged(new FunctionSource(folder)));
    expect(Object.keys(files)).toEqual(["assets/ä.bin", "main.py", "requirements.txt"]);
    expect(Buffer.from(files["assets/ä.bin"] as Uint8Array)).toEqual(binary);
    expect(Buffer.from(files["main.py"] as Uint8Array).toString()).toBe(
      readFileSync(join(FOLDER, "main.py"), "utf8"),
    );
  });

  testWith("python3")("others unpack it: stored, readable, and of one day", () => {
    staged(new FunctionSource(folder));
    const script =
      "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), " +
      "[[i.filename, i.compress_type, oct(i.external_attr >> 16), list(i.date_time)] for i in z.infolist()]]))";
    const { stdout } = spawnSync(
      "python3",
      ["-c", script, join(scratch, "functions", "rotate-secrets.zip")],
      { encoding: "utf8" },
    );
    expect(JSON.parse(stdout)).toEqual([
      null,
      ["main.py", "requirements.txt"].map((file) => [file, 0, "0o100644", [1980, 1, 1, 12, 0, 0]]),
    ]);
  });

  test("a folder without .gcloudignore or without files is an error that says what to do", () => {
    write(".gcloudignore", "*\n");
    expect(() => new FunctionSource(folder)).toThrow(
      `${folder} has no file that its .gcloudignore leaves in.`,
    );
    write(".gcloudignore", "!main.py\n");
    expect(() => new FunctionSource(folder)).toThrow(
      `${folder}/.gcloudignore:1:1: "!main.py" is not read here`,
    );
    rmSync(join(folder, ".gcloudignore"));
    expect(() => new FunctionSource(folder)).toThrow(
      `${folder}/.gcloudignore: is missing: what file managers`,
    );
  });
});
