import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { composeServices, testWithCompose } from "../../support/compose";
import { testWith } from "../../support/needs";
import { checkable, commandProblem } from "../../support/shell-commands";
import { FOLDER } from "./synthesized";

const make = (...args: string[]) =>
  spawnSync("make", ["--no-print-directory", "-C", FOLDER, "--dry-run", ...args], { encoding: "utf8" });

const BUILD =
  "gcloud builds triggers run orchestra-main --project=orchestra-prod --region=us-central1 --branch=main";
const LOGS = "gcloud logging read --project=orchestra-prod --limit=100 --format=json";

/** What each target runs. */
const TARGETS: readonly (readonly [target: string, command: string, ...args: string[]])[] = [
  ["dev", "docker compose up --detach --wait"],
  ["clean", "docker compose down --volumes"],
  ["deploy", BUILD],
  ["deploy-server", `${BUILD} --substitutions=_DEPLOY=server`],
  ["deploy-engine", `${BUILD} --substitutions=_DEPLOY=engine`],
  ["deploy-frontend", `${BUILD} --substitutions=_DEPLOY=frontend`],
  [
    "migrate",
    "gcloud run jobs execute orchestra-migrate --project=orchestra-prod --region=us-central1 --wait",
  ],
  ["secret-set", "npx plue secrets set production jwt-secret", "NAME=jwt-secret"],
  [
    "secret-get",
    "gcloud secrets versions access latest --project=orchestra-prod --secret=jwt-secret",
    "NAME=jwt-secret",
  ],
  ["db-proxy", "cloud-sql-proxy --private-ip --port=5432 orchestra-prod:us-central1:orchestra-db"],
  [
    "logs-server",
    `${LOGS} 'resource.type="cloud_run_revision" resource.labels.service_name="orchestra-server"'`,
  ],
  [
    "logs-engine",
    `${LOGS} 'resource.type="cloud_run_revision" resource.labels.service_name="orchestra-engine"'`,
  ],
  [
    "logs-worker",
    `${LOGS} 'resource.type="cloud_run_worker_pool" resource.labels.worker_pool_name="orchestra-worker"'`,
  ],
];

const withMake = testWith("make");

withMake.each(TARGETS)("make %s", (target, command, ...args) => {
  expect(make(target, ...args)).toMatchObject({ status: 0, stdout: `${command}\n`, stderr: "" });
  if (/^(gcloud|npx) /.test(command) && checkable(command)) expect(commandProblem(command)).toBeUndefined();
});

withMake.each(["secret-set", "secret-get"])("make %s asks for a name", (target) => {
  const { status, stderr } = make(target);
  expect(status).not.toBe(0);
  expect(stderr).toContain(`say which secret: make ${target} NAME=jwt-secret`);
});

test("every target is one of these, and is explained", () => {
  const explained = [...readFileSync(join(FOLDER, "Makefile"), "utf8").matchAll(/^([a-z-]+):.*## \S/gm)];
  expect(explained.map(([, target]) => target)).toEqual(["help", ...TARGETS.map(([target]) => target)]);
});

describe("compose", () => {
  testWithCompose("has PostgreSQL with pgvector and Redis of production's versions, and asks both", () => {
    const { postgres, redis, ...others } = composeServices(FOLDER, [], {});
    expect(others).toEqual({});
    expect(postgres?.image).toBe("pgvector/pgvector:pg16");
    expect(redis?.image).toBe("redis:7-alpine");
    expect(postgres?.healthcheck?.test.join(" ")).toContain("pg_isready");
    expect(redis?.healthcheck?.test).toEqual(["CMD", "redis-cli", "ping"]);
  });

  testWithCompose("is reached from this machine alone, at the ports of the document", () => {
    const services = Object.values(composeServices(FOLDER, [], {}));
    expect(services.flatMap(({ ports }) => ports.map(({ host_ip, target }) => [host_ip, target]))).toEqual([
      ["127.0.0.1", 5432],
      ["127.0.0.1", 6379],
    ]);
  });
});
