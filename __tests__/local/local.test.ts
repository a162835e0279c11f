import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { composeServices, testWithCompose } from "../support/compose";
import { describeWith } from "../support/needs";

const TOOLS = ["docker", "zig", "bun", "npx", "kubectl", "gcloud"];

const describeWithMake = describeWith("make");

/** This repository and the application's checkout beside each other, and tools that only say how they were called. */
class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "plue-desk-"));

  constructor() {
    cpSync("local", join(this.folder, "infrastructure/local"), {
      recursive: true,
      filter: (path) => !path.endsWith("/.env"),
    });
    cpSync("cdktf.json", join(this.folder, "infrastructure/cdktf.json"));
    for (const file of [
      "build.zig",
      "ui/package.json",
      "e2e/package.json",
      "server/src/main.zig",
      "zig-out/plue",
    ])
      this.write(`plue/${file}`, "");
    const git = ["-c", "user.name=t", "-c", "user.email=t@t", "-C", join(this.folder, "plue")];
    spawnSync("git", [...git, "init", "-q"]);
    spawnSync("git", [...git, "commit", "-q", "--allow-empty", "-m", "start"]);
    for (const tool of TOOLS) {
      const log = `echo "$(basename "$PWD"): ${tool} $* [$RUNNER_MODE $DATABASE_URL]" >> "${this.folder}/log"`;
      this.write(`bin/${tool}`, `#!/bin/sh\n${log}\n`);
      chmodSync(join(this.folder, "bin", tool), 0o755);
    }
  }

  make(...args: string[]) {
    return spawnSync("make", ["-C", "local", ...args], {
      cwd: join(this.folder, "infrastructure"),
      encoding: "utf8",
      env: {
        PATH: `${join(this.folder, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`,
        HOME: this.folder,
        USER: "alice",
      },
    });
  }

  /** `folder: command [environment]` of each call of a tool. */
  get calls(): string[] {
    const log = join(this.folder, "log");
    const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    return lines.filter((line) => !line.includes(": docker compose version "));
  }

  get commit(): string {
    return spawnSync("git", ["-C", join(this.folder, "plue"), "rev-parse", "--short=12", "HEAD"], {
      encoding: "utf8",
    }).stdout.trim();
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describeWithMake("the local tier's targets", () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
  });
  afterEach(() => desk.remove());
  const application = "[in-process postgresql://postgres:postgres@localhost:5432/plue]";

  test("dev starts the database, waits for it, and then runs API and UI in the application's checkout", () => {
    const { status, stdout } = desk.make("dev");
    expect(status).toBe(0);
    expect(stdout).toContain("Wrote local/.env.");
    const [database, ...rest] = desk.calls;
    expect(database).toBe("local: docker compose up --detach --wait postgres [ ]");
    expect(rest.sort()).toEqual([`plue: zig build run ${application}`, "ui: bun dev [ ]"]);
  });

  test.each([
    ["dev-api", [`plue: zig build run ${application}`]],
    ["dev-ui", ["ui: bun dev [ ]"]],
    ["dev-docker", ["local: docker compose --profile full up --build [ ]"]],
    ["test", ["plue: zig build test [ ]"]],
    ["test-e2e", ["local: docker compose up --detach --wait postgres [ ]", "e2e: bun playwright test [ ]"]],
    [
      "test-e2e-ui",
      ["local: docker compose up --detach --wait postgres [ ]", "e2e: bun playwright test --ui [ ]"],
    ],
    ["logs-staging", ["local: kubectl logs --follow --selector app=zig-api --namespace alice [ ]"]],
  ])("%s", (target, calls) => {
    expect([desk.make(target).status, desk.calls]).toEqual([0, calls]);
  });

  test("deploy-staging pushes each image under the commit and the engineer's name, and deploys her stack", () => {
    expect(desk.make("deploy-staging").status).toBe(0);
    const registry = "us-central1-docker.pkg.dev/plue-staging/plue";
    const built = ["zig-api", "runner", "ui"].flatMap((image) => {
      const [tag, commit] = ["alice", desk.commit].map((name) => `${registry}/${image}:${name}`);
      const source = join(desk.folder, "plue", image === "zig-api" ? "server" : image);
      return [
        `local: docker build --tag ${tag} --tag ${commit} ${source} [ ]`,
        `local: docker push ${commit} [ ]`,
        `local: docker push ${tag} [ ]`,
      ];
    });
    expect(desk.calls).toEqual([
      "local: gcloud auth configure-docker us-central1-docker.pkg.dev --quiet [ ]",
      ...built,
      "infrastructure: npx cdktf deploy staging-alice [ ]",
    ]);
  });

  test("another name than the login's comes from .env, which make does not write twice", () => {
    desk.write("infrastructure/local/.env", "STAGING_NAMESPACE=bob\n");
    desk.make("deploy-staging");
    expect(desk.calls.at(-1)).toBe("infrastructure: npx cdktf deploy staging-bob [ ]");
    expect(readFileSync(join(desk.folder, "infrastructure/local/.env"), "utf8")).toBe(
      "STAGING_NAMESPACE=bob\n",
    );
  });

  test("clean removes containers, database and build output, and nothing else of the application", () => {
    expect(desk.make("clean").status).toBe(0);
    expect(desk.calls).toEqual(["local: docker compose --profile full down --volumes [ ]"]);
    expect(["zig-out", "build.zig"].map((path) => existsSync(join(desk.folder, "plue", path)))).toEqual([
      false,
      true,
    ]);
  });

  test.each(["dev", "dev-db", "test", "deploy-staging", "clean"])(
    "%s does nothing without the application, and says where it looked",
    (target) => {
      const { status, stderr } = desk.make(target, "PLUE=../../elsewhere");
      expect(status).not.toBe(0);
      expect(stderr).toContain(`no application in ${join(desk.folder, "elsewhere")}: clone it there`);
      expect(desk.calls).toEqual([]);
    },
  );

  test("a database that does not start starts nothing else", () => {
    desk.write("bin/docker", '#!/bin/sh\n[ "$2" = version ]\n');
    expect([desk.make("dev").status, desk.calls]).toEqual([2, []]);
  });

  test.each(["dev", "dev-db", "dev-docker", "clean"])(
    "%s does nothing where docker has no compose, and says so",
    (target) => {
      desk.write("bin/docker", `#!/bin/sh\necho "docker $*" >> "${desk.folder}/log"\nexit 1\n`);
      const { status, stderr } = desk.make(target);
      expect(status).not.toBe(0);
      expect(stderr).toContain("docker with compose 2.24 or later is needed");
      expect(desk.calls).toEqual(["docker compose version"]);
      expect(existsSync(join(desk.folder, "plue/zig-out"))).toBe(true);
    },
  );

  test("help lists every target that people type", () => {
    const { stdout } = desk.make();
    const listed = [...stdout.matchAll(/^make (\S+) /gm)].map(([, target]) => target);
    expect(listed).toEqual([
      "help",
      "dev",
      "dev-db",
      "dev-api",
      "dev-ui",
      "dev-docker",
      "test",
      "test-e2e",
      "test-e2e-ui",
      "deploy-staging",
      "logs-staging",
      "clean",
      "clean-all",
    ]);
  });
});

describe("the compose file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plue-compose-"));
    cpSync("local/compose.yaml", join(folder, "compose.yaml"));
    cpSync("local/.env.example", join(folder, ".env"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const services = (...args: string[]) => composeServices(folder, args, { PLUE: "/src/plue" });

  testWithCompose("is valid, and starts the database alone", () => {
    expect(Object.keys(services())).toEqual(["postgres"]);
  });

  testWithCompose(
    "has PostgreSQL of Cloud SQL's major version, which is healthy once it answers by TCP",
    () => {
      const { image, healthcheck } = services()["postgres"] ?? {};
      expect(image).toBe("postgres:16-alpine");
      expect(healthcheck?.test).toEqual(["CMD-SHELL", "pg_isready -h 127.0.0.1 -U postgres -d plue"]);
    },
  );

  testWithCompose(
    "starts the API with profile full, when the database is healthy and with what .env says",
    () => {
      const api = services("--profile", "full")["zig-api"];
      expect(api?.depends_on?.["postgres"]?.condition).toBe("service_healthy");
      expect(api?.environment).toMatchObject({
        DATABASE_URL: "postgresql://postgres:postgres@postgres:5432/plue",
        RUNNER_MODE: "in-process",
        LOG_LEVEL: "debug",
      });
    },
  );

  testWithCompose("is reached from this machine alone, and makes no folder where a file is missing", () => {
    for (const { ports, volumes } of Object.values(services("--profile", "full"))) {
      for (const port of ports) expect(port.host_ip).toBe("127.0.0.1");
      for (const { source, bind } of volumes.filter(({ source }) => /\.sql$|\/src$/.test(source)))
        expect([source, bind?.create_host_path ?? false]).toEqual([source, false]);
    }
  });
});

describe(".env.example", () => {
  const lines = readFileSync("local/.env.example", "utf8").split("\n");
  const values = new Map(
    lines.flatMap((line) => [...line.matchAll(/^([A-Z_]+)=(.*)$/g)].map(([, k, v]) => [k, v])),
  );

  test("names what the infrastructure document names, and holds no key", () => {
    expect([...values.keys()].sort()).toEqual([
      "ANTHROPIC_API_KEY",
      "DATABASE_URL",
      "LOG_LEVEL",
      "RUNNER_MODE",
      "STAGING_NAMESPACE",
    ]);
    expect(values.get("ANTHROPIC_API_KEY")).toBe("");
  });

  test("its copy is not for git", () => {
    expect(spawnSync("git", ["check-ignore", "-q", "local/.env"]).status).toBe(0);
    expect(spawnSync("git", ["check-ignore", "-q", "local/.env.example"]).status).toBe(1);
  });
});
