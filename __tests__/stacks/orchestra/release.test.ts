import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { build } from "../../../stacks/orchestra/build";
import { testWith } from "../../support/needs";
import { FOLDER, project } from "./synthesized";

/** A stand-in of Cloud Run's API: what it has, what it was asked, and which operations fail. */
class Api {
  readonly asked: { readonly what: string; readonly body?: unknown }[] = [];
  readonly resources = new Map<string, Record<string, unknown>>();
  failure?: string;
  private readonly server: Server = createServer(async (request, response) => {
    const body = await textOf(request);
    const what = `${request.method} ${request.url?.slice("/v2/".length)}`;
    this.asked.push(body ? { what, body: JSON.parse(body) } : { what });
    const { status, answer } = this.answer(what);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
  });

  async listen(): Promise<string> {
    await new Promise<void>((ready) => this.server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v2`;
  }

  close(): void {
    this.server.close();
  }

  private answer(what: string): { status: number; answer: unknown } {
    if (what.endsWith(":wait")) {
      const error = this.failure && { message: this.failure };
      return { status: 200, answer: { name: "operations/1", done: true, ...(error && { error }) } };
    }
    const name = what.replace(/^\w+ .*\/(?=\w+\/[\w-]+(\?|$))/, "").replace(/\?.*/, "");
    const resource = this.resources.get(name);
    if (!resource) return { status: 404, answer: { error: { message: "not found" } } };
    return { status: 200, answer: what.startsWith("PATCH") ? { name: "operations/1" } : resource };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

let api: Api;
let url: string;
let folder: string;
beforeEach(async () => {
  api = new Api();
  url = await api.listen();
  folder = mkdtempSync(join(tmpdir(), "orchestra-release-"));
  // Says what it was asked, and knows a digest of each image.
  writeFileSync(
    join(folder, "gcloud"),
    `#!/bin/sh
echo "$*" >> "$LOG"
case "$1 $2" in
  "auth print-access-token") echo token ;;
  "artifacts docker") case "$3 $4" in "images describe") echo "sha256:of-$(basename "$5")" ;; esac ;;
esac
`,
  );
  chmodSync(join(folder, "gcloud"), 0o755);
});
afterEach(() => {
  api.close();
  rmSync(folder, { recursive: true });
});

const container = { name: "it", env: [{ name: "A", value: "1" }] };
const service = { etag: "7", template: { revision: "old", containers: [{ ...container, image: "old" }] } };

const { steps } = build(project.config, "");
/** Runs the step's script with the step's environment, as Cloud Build does once it has put in the substitutions. */
async function run(id: string, substitutions: Readonly<Record<string, string>> = {}) {
  const values: Record<string, string> = {
    PROJECT_ID: "p",
    SHORT_SHA: "abc1234",
    _REGION: "r",
    _DEPLOY: "server,engine,frontend",
    ...substitutions,
  };
  const { env = {} } = steps.find((step) => step.id === id) ?? {};
  const given = Object.entries(env).map(([name, value]) => [
    name,
    value.replace(/\$\{?(\w+)\}?/g, (_, each: string) => values[each] ?? ""),
  ]);
  const log = join(folder, "log");
  writeFileSync(log, "");
  const child = spawn("python3", [resolve(FOLDER, "release.py")], {
    env: {
      ...Object.fromEntries(given),
      PATH: `${folder}${delimiter}${process.env["PATH"]}`,
      LOG: log,
      RUN_API: url,
    },
  });
  const output = Promise.all([child.stdout, child.stderr].map((stream) => stream.toArray()));
  const status = await new Promise((done) => child.on("close", done));
  const [stdout, stderr] = (await output).map((chunks) => Buffer.concat(chunks).toString("utf8"));
  return { status, stdout, stderr, gcloud: readFileSync(log, "utf8").trim().split("\n") };
}

const SERVER = "r-docker.pkg.dev/p/orchestra/server@sha256:of-server:abc1234";
const ENGINE = "r-docker.pkg.dev/p/orchestra/engine@sha256:of-engine:abc1234";
const TAGGED = (image: string, name: string) =>
  `artifacts docker tags add ${image} r-docker.pkg.dev/p/orchestra/${name}:production`;

function everythingIsThere() {
  api.resources.set("services/orchestra-server", service);
  api.resources.set("services/orchestra-engine", service);
  api.resources.set("workerPools/orchestra-worker", service);
  api.resources.set("jobs/orchestra-migrate", {
    etag: "8",
    template: { taskCount: 1, template: { containers: [{ ...container, image: "old" }] } },
  });
}

testWith("python3")(
  "deploys the engine, then server and worker, by digest, and moves the tag when all run",
  async () => {
    everythingIsThere();
    const { status, gcloud } = await run("deploy");
    expect(status).toBe(0);
    const patches = api.asked.filter(({ what }) => what.startsWith("PATCH"));
    expect(patches).toEqual([
      patched("services/orchestra-engine", ENGINE),
      patched("services/orchestra-server", SERVER),
      patched("workerPools/orchestra-worker", SERVER),
    ]);
    expect(gcloud.slice(-2)).toEqual([TAGGED(ENGINE, "engine"), TAGGED(SERVER, "server")]);
  },
);

/** Only the image changes, and the revision's name goes, as Terraform names none either. */
const patched = (name: string, image: string) => ({
  what: `PATCH projects/p/locations/r/${name}?updateMask=template`,
  body: { etag: "7", template: { containers: [{ ...container, image }] } },
});

testWith("python3")("a job gets the image, and is run to its end", async () => {
  everythingIsThere();
  const { status, gcloud } = await run("migrate");
  expect(status).toBe(0);
  expect(api.asked.find(({ what }) => what.startsWith("PATCH"))).toEqual({
    what: "PATCH projects/p/locations/r/jobs/orchestra-migrate?updateMask=template",
    body: {
      etag: "8",
      template: { taskCount: 1, template: { containers: [{ ...container, image: SERVER }] } },
    },
  });
  expect(gcloud.at(-1)).toBe("run jobs execute orchestra-migrate --project=p --region=r --wait");
});

testWith("python3")(
  "before the application stack is there it tags the images that the stack takes",
  async () => {
    const { status, stdout, gcloud } = await run("deploy");
    expect(status).toBe(0);
    expect(stdout).toContain("orchestra-server is not there yet: the application stack makes it");
    expect(gcloud.slice(-2)).toEqual([TAGGED(ENGINE, "engine"), TAGGED(SERVER, "server")]);
  },
);

testWith("python3")("what is not asked for is left alone", async () => {
  everythingIsThere();
  const { gcloud } = await run("deploy", { _DEPLOY: "engine" });
  expect(api.asked.filter(({ what }) => what.startsWith("PATCH")).map(({ what }) => what)).toEqual([
    "PATCH projects/p/locations/r/services/orchestra-engine?updateMask=template",
  ]);
  expect(gcloud.filter((line) => line.includes("tags add"))).toEqual([TAGGED(ENGINE, "engine")]);
});

testWith("python3")(
  "a revision that does not start ends the build, and the tag stays where it is",
  async () => {
    everythingIsThere();
    api.failure = "The user-provided container failed to start";
    const { status, stderr, gcloud } = await run("deploy");
    expect(status).toBe(1);
    expect(stderr).toBe("orchestra-engine: The user-provided container failed to start\n");
    expect(gcloud.filter((line) => line.includes("tags add"))).toEqual([]);
  },
);

test("the trigger has the script that is tried here", () => {
  const { steps: inTrigger } = build(project.config, readFileSync(join(FOLDER, "release.py"), "utf8"));
  expect(inTrigger.filter(({ script }) => script?.includes("RUN_API")).map(({ id }) => id)).toEqual([
    "migrate",
    "deploy",
  ]);
});
