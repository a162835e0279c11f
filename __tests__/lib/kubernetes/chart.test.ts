import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Chart } from "../../../lib/kubernetes/chart";
import { type PlueValues, plueValuesSchema } from "../../../stacks/plue/chart-values";
import { testWith } from "../../support/needs";
import { readFiles } from "../../support/program";

/** The files that Helm packs of a chart, sorted. */
function packaged(chart: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "plue-package-"));
  try {
    const { status, stderr } = spawnSync("helm", ["package", chart, "-d", folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const { stdout } = spawnSync("tar", ["-tzf", join(folder, "plue-0.1.0.tgz")], { encoding: "utf8" });
    return stdout.trim().split("\n").sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What file managers, editors and merges leave in a folder. */
const LEFTOVERS = [
  "README.md",
  ".DS_Store",
  "._values.yaml",
  "Thumbs.db",
  "templates/Thumbs.db",
  "templates/desktop.ini",
  "Icon\r",
  "__MACOSX/values.yaml",
  "@eaDir/values.yaml@SynoEAStream",
  "values - Copy.yaml",
  "values-staging (1).yaml",
  "templates/service copy.yaml",
  "values.yaml~",
  "#values.yaml#",
  "templates/.service.yaml.swp",
  "templates/service.yaml.swo",
  "templates/service.yaml.orig",
  "templates/service.yaml.rej",
  "templates/service.yaml___jb_tmp___",
];

describe("Chart", () => {
  let scratch: string;
  let folder: string;

  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "plue-chart-"));
    folder = join(scratch, "plue");
    cpSync("helm/plue", folder, { recursive: true });
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  test("knows its name, its version and where a stack finds it", () => {
    expect(new Chart("helm/plue")).toMatchObject({
      name: "plue",
      version: "0.1.0",
      reference: "../../charts/plue",
      hash: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  test("a copy has the same hash, and any change of a file another", () => {
    const { hash } = new Chart("helm/plue");
    expect(new Chart(folder).hash).toBe(hash);
    writeFileSync(join(folder, "templates", "service.yaml"), "kind: Service\n");
    expect(new Chart(folder).hash).not.toBe(hash);
  });

  test("content that moves from one file to another changes the hash", () => {
    writeFileSync(join(folder, "a"), "xy");
    writeFileSync(join(folder, "b"), "");
    const { hash } = new Chart(folder);
    writeFileSync(join(folder, "a"), "x");
    writeFileSync(join(folder, "b"), "y");
    expect(new Chart(folder).hash).not.toBe(hash);
  });

  test.each(LEFTOVERS)("%s is no part of it", (leftover) => {
    mkdirSync(dirname(join(folder, leftover)), { recursive: true });
    writeFileSync(join(folder, leftover), "left behind");
    const chart = new Chart(folder);
    expect(chart.hash).toBe(new Chart("helm/plue").hash);
    chart.stage(scratch);
    expect(existsSync(join(scratch, "charts", "plue", leftover))).toBe(false);
  });

  testWith("helm")("what is no part of it is none for Helm, neither", () => {
    const committed = packaged(folder);
    for (const leftover of LEFTOVERS) {
      mkdirSync(dirname(join(folder, leftover)), { recursive: true });
      writeFileSync(join(folder, leftover), "left behind");
    }
    expect(packaged(folder)).toEqual(committed);
  });

  test("git for Windows, or an editor that writes CRLF, changes neither its hash nor what is staged", () => {
    for (const file of readFiles(folder).keys()) {
      const path = join(folder, file);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
    }
    writeFileSync(join(folder, "crlf"), "a\r\n");
    const chart = new Chart(folder);
    chart.stage(scratch);
    rmSync(join(folder, "crlf"));
    expect(new Chart(folder).hash).toBe(new Chart("helm/plue").hash);
    const staged = readFiles(join(scratch, "charts", "plue"));
    expect(staged.get("crlf")).toBe("a\n");
    staged.delete("crlf");
    expect(staged).toEqual(readFiles("helm/plue"));
  });

  test("what is no text is staged byte for byte", () => {
    const binary = Buffer.from([0x89, 0x0d, 0x0a, 0x00, 0xff]);
    writeFileSync(join(folder, "logo.png"), binary);
    new Chart(folder).stage(scratch);
    expect(readFileSync(join(scratch, "charts", "plue", "logo.png"))).toEqual(binary);
  });

  test("a folder without .helmignore, or with a rule that is not read here, is an error that says what to do", () => {
    writeFileSync(join(folder, ".helmignore"), "*.md\n!README.md\n");
    expect(() => new Chart(folder)).toThrow(
      `${folder}/.helmignore:2:1: "!README.md" is not read here: use names, paths, * and ?, a pattern a line`,
    );
    rmSync(join(folder, ".helmignore"));
    expect(() => new Chart(folder)).toThrow(`${folder}/.helmignore: is missing: what file managers`);
  });

  test("is staged whole, folders and all", () => {
    const chart = new Chart("helm/plue");
    chart.stage(scratch);
    const staged = join(scratch, "charts", "plue");
    expect(readFileSync(join(staged, "templates", "_helpers.tpl"))).toEqual(
      readFileSync("helm/plue/templates/_helpers.tpl"),
    );
    expect(new Chart(staged).hash).toBe(chart.hash);
    expect(readFiles(staged)).toEqual(readFiles("helm/plue"));
  });

  test("git for Windows checks it out as it is committed", () => {
    const git = (...args: string[]) =>
      spawnSync(
        "git",
        ["-c", "core.autocrlf=true", "-c", "user.name=T", "-c", "user.email=t@plue.dev", ...args],
        {
          cwd: scratch,
          encoding: "utf8",
        },
      );
    cpSync(".gitattributes", join(scratch, ".gitattributes"));
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "x");
    rmSync(folder, { recursive: true });
    expect(git("checkout", "-q", ".").status).toBe(0);
    expect(readFiles(folder)).toEqual(readFiles("helm/plue"));
  });

  test("a file of it is referenced from a stack's folder; one that it lacks is an error that lists what it has", () => {
    const chart = new Chart("helm/plue");
    expect(chart.fileReference("values-staging.yaml")).toBe("../../charts/plue/values-staging.yaml");
    expect(() => chart.fileReference("values-stagin.yaml")).toThrow(
      /chart plue has no values-stagin\.yaml; it has Chart\.yaml, .*values-staging\.yaml/,
    );
  });

  test("a folder that is no chart is an error that says why", () => {
    expect(() => new Chart("lib")).toThrow(
      "lib/Chart.yaml: is missing: a Helm chart has one, with its name and version",
    );
    const manifest = (text: string) => {
      writeFileSync(join(folder, "Chart.yaml"), text);
      return () => new Chart(folder);
    };
    expect(manifest("# A chart\nname: other\nversion: 1.0\n")).toThrow(
      `${folder}/Chart.yaml:2:7: name: "other" is not the folder's name: write plue\n` +
        `${folder}/Chart.yaml:3:10: version: 1.0 is no version: write one, for instance 0.1.0`,
    );
    expect(manifest("name: plue\n")).toThrow("version: nothing is no version");
    expect(manifest("name: [plue\n")).toThrow(/Chart\.yaml:\d+:\d+: this is not YAML/);
  });

  describe("values files", () => {
    const check = () => new Chart<PlueValues>(folder).checkValues(plueValuesSchema);
    const change = (from: string, to: string) => {
      const file = join(folder, "values-staging.yaml");
      const text = readFileSync(file, "utf8");
      expect(text).toContain(from);
      writeFileSync(file, text.replace(from, to));
    };

    test("of this repository are what the chart takes", () => {
      expect(check).not.toThrow();
    });

    test("with wrong values are an error that names each: place, path, what is wrong and what instead", () => {
      change("replicaCount: 1", "replicaCount: two");
      change("warmPool:", "warmpool:");
      const file = `${folder}/values-staging.yaml`;
      const lines = readFileSync(file, "utf8").split("\n");
      const place = (key: string) => {
        const line = lines.findIndex((text) => text.trim().startsWith(key));
        return `${file}:${line + 1}:${(lines[line] as string).indexOf(key) + 1}`;
      };
      expect(check).toThrow(
        new Error(
          `${place("replicaCount:").replace(/\d+$/, "15")}: replicaCount: expected a number; found "two"\n` +
            `${place("warmpool:")}: runner.warmpool: unknown key "warmpool": did you mean "warmPool"?`,
        ),
      );
    });

    test("that leave a wrong default are told of it once, where it stands", () => {
      const file = join(folder, "values.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace(/cpu: [^,}\n]*/, "cpu: 1 core"));
      expect(check).toThrow(
        /^\S+\/values\.yaml:\d+:\d+: [\w.]+\.cpu: "1 core" is not an amount of CPU: write cores or thousandths of one, for instance 500m$/,
      );
    });

    test("are merged over values.yaml as Helm does: null takes a default away", () => {
      change("replicaCount: 1", "replicaCount: null");
      expect(check).toThrow(/values-staging\.yaml:\d+:15: replicaCount: expected a number; found null$/);
    });

    test("that are no YAML are an error that says where", () => {
      change("replicaCount: 1", "replicaCount: [");
      expect(check).toThrow(/values-staging\.yaml:\d+:\d+: this is not YAML: /);
    });
  });
});
