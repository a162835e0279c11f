import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releasesSchema } from "../../lib/environments/releases";
import type { Project, System } from "../../lib/environments/system";
import { parseJson } from "../../lib/input/read-json";
import { runPlueInProcess } from "../support/plue";

const image = (digit: string) => `sha256:${digit.repeat(64)}`;
const [A, B, C] = [image("a"), image("b"), image("c")];

/** A system of one service in one environment, whose revisions are called after their images. */
function systemOf(services: readonly string[]): System {
  const parse = (text: string, file: string) => {
    const { $schema: _, ...releases } = parseJson(text, file, releasesSchema(["dev"], services));
    return releases;
  };
  const project = {
    environments: { dev: {} },
    revision: (_: string, __: string, release: { image: string }) => release.image.slice(7, 15),
  } as unknown as Project;
  return {
    name: "shop",
    readProject: () => project,
    checkConfig: () => {},
    releases: { file: "releases.json", parse },
  };
}

const CANARY = { stable: "aaaaaaaa", canary: { revision: "bbbbbbbb", percent: 10 } };

let folder: string;
let system: System;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-canary-"));
  writeFileSync(join(folder, "cdktf.json"), "{}");
  writeFileSync(join(folder, "main.ts"), "");
  system = systemOf(["web"]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "releases.json");
const write = (release: object) =>
  writeFileSync(file(), `${JSON.stringify({ dev: { web: release } }, undefined, 2)}\n`);
const web = () => JSON.parse(readFileSync(file(), "utf8")).dev.web;
const plue = (line: string) => runPlueInProcess(folder, ["canary", ...line.split(" ")], {}, "", () => system);

test("a first image answers everybody", async () => {
  write({ image: A });
  expect(await plue(`start dev --image ${B} --first`)).toMatchObject({ status: 0 });
  expect(web()).toEqual({ image: B });
});

test("a life: no requests, a tenth, all", async () => {
  write({ image: A });
  await plue(`start dev --image ${B}`);
  expect(web()).toEqual({ image: B, traffic: { stable: "aaaaaaaa" } });
  await plue("promote dev --percent 10");
  expect(web()).toEqual({
    image: B,
    traffic: { stable: "aaaaaaaa", canary: { revision: "bbbbbbbb", percent: 10 } },
  });
  await plue("promote dev --percent 50");
  expect(web().traffic.canary.percent).toBe(50);
  await plue("promote dev");
  expect(web()).toEqual({ image: B, traffic: { stable: "bbbbbbbb" } });
});

test("a life that ends: back to what was there, and then another image", async () => {
  write({ image: B, traffic: { stable: "aaaaaaaa", canary: { revision: "bbbbbbbb", percent: 10 } } });
  await plue("abort dev");
  expect(web()).toEqual({ image: B, traffic: { stable: "aaaaaaaa" } });
  await plue(`start dev --image ${C}`);
  expect(web()).toEqual({ image: C, traffic: { stable: "aaaaaaaa" } });
});

test("after a promotion it goes back to what an earlier commit had", async () => {
  const git = (...args: string[]) =>
    expect(
      spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: folder }).status,
    ).toBe(0);
  git("init", "-q");
  for (const release of [
    { image: B, traffic: CANARY },
    { image: B, traffic: { stable: "bbbbbbbb" } },
  ]) {
    write(release);
    git("add", "-A");
    git("commit", "-q", "-m", "release");
  }
  await plue("abort dev --base HEAD~1");
  expect(web()).toEqual({ image: B, traffic: { stable: "aaaaaaaa" } });
  expect(await plue("abort dev --base nowhere")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("nowhere has no releases.json"),
  });
});

test("tells what it changes, and what comes next", async () => {
  write({ image: B, traffic: { stable: "aaaaaaaa" } });
  const { stdout, stderr } = await plue("promote dev --percent 10");
  expect(stdout).toBe("");
  expect(stderr).toContain(
    `Changing web of dev in releases.json:\n  from ${B}; aaaaaaaa answers\n  to   ${B}; aaaaaaaa answers, and bbbbbbbb 10 %\n`,
  );
  expect(stderr).toContain("npx plue changed --base HEAD");
});

test("shows what is there, for people and for scripts", async () => {
  write({ image: B, traffic: { stable: "aaaaaaaa", canary: { revision: "bbbbbbbb", percent: 10 } } });
  expect((await plue("show dev")).stdout).toBe(
    `web of dev\nimage     ${B}\nrevision  bbbbbbbb\nstable    aaaaaaaa\ncanary    bbbbbbbb, 10 %\n`,
  );
  expect(JSON.parse((await plue("show dev --json")).stdout)).toEqual({
    environment: "dev",
    service: "web",
    image: B,
    revision: "bbbbbbbb",
    traffic: { stable: "aaaaaaaa", canary: { revision: "bbbbbbbb", percent: 10 } },
  });
});

test("nothing else in the file differs, however it is written", async () => {
  const text = `{\r\n  "dev": { "web": { "image": "${A}" } }\r\n}\r\n`;
  writeFileSync(file(), text);
  await plue(`start dev --image ${B} --first`);
  expect(readFileSync(file(), "utf8")).toMatch(/^\{\r\n {2}"dev": \{ "web": \{[^\n]*\r\n/);
  expect(readFileSync(file(), "utf8")).not.toMatch(/[^\r]\n/);
});

test.each<[what: string, release: object, line: string, status: number, message: string]>([
  [
    "another while one is tried",
    { image: B, traffic: CANARY },
    `start dev --image ${C}`,
    5,
    "bbbbbbbb is being tried in dev: npx plue canary promote or abort comes first",
  ],
  [
    "a first one where there is one",
    { image: A, traffic: { stable: "aaaaaaaa" } },
    `start dev --image ${B} --first`,
    5,
    "it is not the first; leave --first out",
  ],
  [
    "the image that is there",
    { image: A, traffic: { stable: "aaaaaaaa" } },
    `start dev --image ${A}`,
    5,
    `${A} is the image of dev already`,
  ],
  ["a tag", { image: A }, "start dev --image main", 3, 'dev cannot be released so:\n"main" is not a digest'],
  [
    "a promotion before a start",
    { image: A },
    "promote dev",
    5,
    "has no traffic for dev, so the newest revision answers: npx plue canary start dev --image <digest> comes first",
  ],
  [
    "a promotion of what answers already",
    { image: A, traffic: { stable: "aaaaaaaa" } },
    "promote dev",
    5,
    "aaaaaaaa answers everybody in dev already",
  ],
  [
    "a promotion of what nobody tried",
    { image: C, traffic: CANARY },
    "promote dev",
    5,
    "bbbbbbbb is being tried in dev, and what this checkout makes is cccccccc",
  ],
  [
    "a share that is none",
    { image: B, traffic: { stable: "aaaaaaaa" } },
    "promote dev --percent 100",
    2,
    "Give a whole number from 1 to 99",
  ],
  ["an end before a start", { image: A }, "abort dev", 5, "has no traffic for dev"],
  [
    "an environment that there is not",
    { image: A },
    "abort prod",
    2,
    'there is no environment "prod"; there are: dev',
  ],
  [
    "a service that there is not",
    { image: A },
    "show dev --service wob",
    2,
    'dev has no service "wob"; did you mean web?',
  ],
  ["a file that is not valid", { image: 3 }, "show dev", 3, "releases.json:4:16: dev.web.image: "],
])("refuses %s, and leaves the file alone", async (_, release, line, status, message) => {
  write(release);
  const before = readFileSync(file(), "utf8");
  const run = await plue(line);
  expect(run.stderr).toContain(message);
  expect(run.status).toBe(status);
  expect(readFileSync(file(), "utf8")).toBe(before);
});

test("an end where nothing is tried says so, and is none the worse", async () => {
  write({ image: A, traffic: { stable: "aaaaaaaa" } });
  expect(await plue("abort dev")).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("aaaaaaaa answers everybody"),
  });
});

test("of several services one is named", async () => {
  system = systemOf(["web", "worker"]);
  writeFileSync(file(), JSON.stringify({ dev: { web: { image: A }, worker: { image: A } } }));
  expect(await plue("show dev")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      "dev has several services: name one by --service; there are: web, worker",
    ),
  });
  expect((await plue("show dev --service worker")).stdout).toContain("worker of dev");
});

test("a system without releases says so", async () => {
  const { releases: _, ...without } = system;
  system = without;
  expect(await plue("show dev")).toMatchObject({ status: 2, stderr: "shop has no releases on Cloud Run\n" });
});
