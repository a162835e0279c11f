import type { Command } from "commander";
import colors from "picocolors";
import { EXIT } from "../command-line/errors";
import { age, emit, examples, type JsonOption, table, withJson } from "../command-line/output";
import { during } from "../command-line/progress";
import { GoogleError } from "../google/error";
import { type DeclaredSecret, declaredSecrets } from "./declared";
import { SecretManager, type SecretVersion } from "./secret-manager";

/** Registers `plue secrets list`. */
export function registerList(secrets: Command): void {
  const command = secrets
    .command("list")
    .description("every secret: the version in use, its age, whether it is missing or due; reads no value")
    .argument("[environment]");
  examples(withJson(command), {
    "npx plue secrets list production": "",
    "npx plue secrets list --json | jq -r '.[] | select(.problem) | .secret'":
      "ids of those that need somebody",
  });
  command.action(async (environment: string | undefined, options: JsonOption) => {
    const declared = declaredSecrets(environment);
    const now = new Date();
    const rows = await during("Asking Secret Manager", () =>
      Promise.all(declared.map((secret) => inspect(secret, now))),
    );
    emit(options, rows.map(toJson), () => toText(rows, now));
    if (rows.some(({ problem }) => problem === "unreadable")) process.exitCode = EXIT.state;
    else if (rows.some(({ problem }) => problem === "missing" || problem === "not enabled"))
      process.exitCode = EXIT.failed;
  });
}

interface Row extends DeclaredSecret {
  /** The version in use, or the latest where the program uses none. */
  readonly current?: SecretVersion;
  /** Versions that can be read. */
  readonly enabled: readonly number[];
  readonly due?: Date;
  readonly problem?: "missing" | "not enabled" | "due" | "retire" | "not yours to read" | "unreadable";
  /** What Secret Manager said. */
  readonly error?: string;
}

async function inspect(secret: DeclaredSecret, now: Date): Promise<Row> {
  try {
    const versions = await new SecretManager(secret.projectId).versions(secret.secretId);
    const enabled = versions.filter(({ state }) => state === "ENABLED");
    // The number of a password counts what Terraform made, not Secret Manager's versions.
    const number = secret.madeBy === "people" ? secret.version : undefined;
    const current = number === undefined ? enabled[0] : versions.find((version) => version.number === number);
    const due =
      current && secret.rotationDays
        ? new Date(current.created.getTime() + secret.rotationDays * 86_400_000)
        : undefined;
    const row = { ...secret, current, due, enabled: enabled.map((version) => version.number) };
    return { ...row, problem: problemOf(row, now) };
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    const problem = error.fault === "forbidden" ? "not yours to read" : "unreadable";
    return { ...secret, enabled: [], problem, error: error.why };
  }
}

function problemOf({ current, enabled, due, madeBy }: Row, now: Date): Row["problem"] {
  if (!current) return "missing";
  if (current.state !== "ENABLED") return "not enabled";
  if (due && due < now) return "due";
  return madeBy === "people" && enabled.some((number) => number < current.number) ? "retire" : undefined;
}

function toText(rows: readonly Row[], now: Date): string {
  const lines = rows.map((row) => [
    row.environment,
    row.secretId,
    row.version === undefined ? "latest" : String(row.version),
    row.current ? age(row.current.created, now) : "",
    row.due ? row.due.toISOString().slice(0, 10) : "",
    row.problem === undefined ? colors.green("ok") : colors.yellow(row.problem),
  ]);
  return [
    table([["ENVIRONMENT", "SECRET", "IN USE", "AGE", "DUE", "STATE"], ...lines]),
    // What is wrong with the credentials is wrong with every secret.
    ...new Set(rows.flatMap((row) => advice(row).map((line) => `\n${line}`))),
  ].join("\n");
}

/** What somebody should do about it. */
function advice({ problem, environment, secretId, stack, madeBy, version, error }: Row): string[] {
  const command = (name: string) => `npx plue secrets ${name} ${environment} ${secretId}`;
  switch (problem) {
    case "missing":
      return madeBy === "terraform"
        ? [`missing: ${secretId} is made by npx plue deploy ${stack}`]
        : version === undefined || version === 1
          ? [`missing: ${command("set")}`]
          : [`missing: cdktf.json says version ${version} of ${secretId}, which is not there`];
    case "not enabled":
      return [
        `not enabled: version ${version} of ${secretId} is in use by ${environment}; enable it, or ${command("rotate")}`,
      ];
    case "due":
      return [`due: ${command("rotate")}`];
    case "retire":
      return [`retire: ${command("retire")}, once every release has version ${version ?? "the latest"}`];
    case "unreadable":
      return [`unreadable: ${error}`];
    default:
      return [];
  }
}

function toJson({
  environment,
  secretId,
  projectId,
  madeBy,
  version,
  current,
  enabled,
  due,
  problem,
}: Row): object {
  return {
    environment,
    secret: secretId,
    project: projectId,
    madeBy,
    inUse: version ?? "latest",
    created: current?.created.toISOString() ?? null,
    due: due?.toISOString() ?? null,
    enabled,
    problem: problem ?? null,
  };
}
