import type { Command } from "commander";
import colors from "picocolors";
import type { Range } from "../../lib/core/resource-types/billing";
import type { Project } from "../../lib/environments/system";
import { EXIT, explainError } from "../command-line/errors";
import { age, emit, examples, type JsonOption, table, withJson } from "../command-line/output";
import { during } from "../command-line/progress";
import { readProject } from "../command-line/project";
import { describeLock, type StoredStack } from "../state/state-bucket";
import type { DeployedImage } from "../state/terraform-state";
import type { Condition } from "./environments";
import { readStatus, type Status } from "./read";

/** Registers `plue status`. */
export function registerStatus(program: Command): void {
  const command = program
    .command("status")
    .description(
      "what is deployed: a row per stack, from engineers.json and the state bucket; changes nothing",
    );
  examples(withJson(command), {
    "npx plue status": "",
    "npx plue status --json | jq '.orphans[].stack'": "state that nobody owns",
  });
  command.action(async (options: JsonOption) => {
    const project = readProject();
    const read = await during("Reading the states", () => readStatus(project));
    const status = { ...read, ...estimate(project) };
    emit(options, toJson(status), () => toText(status, new Date()));
    if (stored(status).some(({ error }) => error && error.fault !== "forbidden"))
      process.exitCode = EXIT.state;
  });
}

interface Estimates {
  /** USD a month of each stack as declared. */
  readonly costs?: ReadonlyMap<string, Range>;
  /** Why there are none. */
  readonly withoutCosts?: string;
}

/** What is deployed does not depend on whether the checkout synthesizes. */
function estimate(project: Project): Estimates {
  try {
    const { synthesizeStacks } = require("../synthesis") as typeof import("../synthesis");
    const { estimateStack } = require("../cost/estimate") as typeof import("../cost/estimate");
    const stacks = [...synthesizeStacks(project)];
    return { costs: new Map(stacks.map(([name, json]) => [name, estimateStack(json)])) };
  } catch (error) {
    return { withoutCosts: explainError(error).message.split("\n", 1)[0] };
  }
}

function stored({ environments, orphans }: Status): StoredStack[] {
  return [...environments.map((environment) => environment.stored), ...orphans];
}

const CONDITIONS: Record<Condition, (text: string) => string> = {
  deployed: colors.green,
  empty: colors.dim,
  missing: colors.dim,
  forbidden: colors.dim,
  unreadable: colors.red,
};
const WORDS: Record<Condition, string> = {
  deployed: "deployed",
  empty: "nothing deployed",
  missing: "never deployed",
  forbidden: "not yours to read",
  unreadable: "unreadable",
};

function toText(status: Status & Estimates, now: Date): string {
  const rows = status.environments.map(({ stack, condition, owner, stored: { state, lastChange } }) => [
    stack,
    CONDITIONS[condition](WORDS[condition]) +
      (owner?.engineer.state === "offboarding" ? colors.yellow(", offboarding") : ""),
    state ? String(state.resources.length) : "",
    lastChange ? `${age(lastChange, now)} ago` : "",
    state?.images.map(shortImage).join(" ") ?? "",
    state?.url ?? "",
    condition === "deployed" ? costOf(status.costs?.get(stack)) : "",
  ]);
  return [
    table([["STACK", "STATE", "RESOURCES", "LAST CHANGE", "IMAGES", "URL", "USD A MONTH"], ...rows]),
    ...notes(status, now).map((note) => `\n${note}`),
  ].join("\n");
}

/** `243`, `242 to 740`; nothing for a stack that costs nothing of its own. */
function costOf(cost: Range | undefined): string {
  if (!cost?.high) return "";
  const [low, high] = [cost.low, cost.high].map((amount) => String(Math.round(amount)));
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** What somebody should do something about. */
function notes(status: Status & Estimates, now: Date): string[] {
  return [
    ...stored(status).flatMap(({ stack, lock }) =>
      lock
        ? [
            `${colors.yellow("locked")}: ${stack} ${describeLock(lock, now)}. If nobody is at work on it any more: terraform -chdir=cdktf.out/stacks/${stack} force-unlock ${lock.id}`,
          ]
        : [],
    ),
    ...[...status.foreign].map(
      ([stack, providers]) =>
        `${colors.red("foreign")}: the state of ${stack} names ${providers.join(" and ")}, which Terraform would install and start. Start none there: docs/runbooks/foreign-provider.md`,
    ),
    ...status.orphans.flatMap(({ stack, state }) =>
      state?.resources.length
        ? [
            `${colors.red("orphan")}: ${stack} holds ${state.resources.length} resources, and nothing declares it. Put its entry back into engineers.json as offboarding, and destroy it.`,
          ]
        : [],
    ),
    ...stored(status).flatMap(({ error }) =>
      error && error.fault !== "forbidden" ? [`${colors.red("unreadable")}: ${error.message}`] : [],
    ),
    ...status.environments.flatMap(({ owner, condition }) =>
      owner?.engineer.state === "offboarding" && (condition === "empty" || condition === "missing")
        ? [
            `done: the stack of ${owner.engineer.name} holds nothing any more. npx plue engineers remove ${owner.engineer.name}`,
          ]
        : [],
    ),
    ...(status.withoutCosts
      ? [`no estimate of costs, as the checkout does not synthesize: ${status.withoutCosts}`]
      : []),
    ...(status.partial ? ["Your credentials may not list the whole bucket: there may be orphans."] : []),
  ];
}

/** `zig-api:alice@1a2b3c4d5e6f` */
function shortImage({ name, digest }: DeployedImage): string {
  return `${name}@${digest.replace(/^sha256:/, "").slice(0, 12)}`;
}

function toJson({ environments, orphans, partial, foreign, costs }: Status & Estimates): object {
  return {
    environments: environments.map(({ stack, environment, owner, condition, stored }) => ({
      stack,
      environment,
      engineer: owner?.engineer.name ?? null,
      offboarding: owner?.engineer.state === "offboarding",
      condition,
      ...storedJson(stored),
      monthlyUsd: costJson(costs?.get(stack)),
    })),
    orphans: orphans.map((orphan) => ({ stack: orphan.stack, ...storedJson(orphan) })),
    partial,
    foreign: Object.fromEntries(foreign),
  };
}

function costJson(cost: Range | undefined): Range | null {
  return cost ? { low: cost.low, high: cost.high } : null;
}

function storedJson({ state, lastChange, lock, error }: StoredStack): object {
  return {
    resources: state?.resources.length ?? null,
    lastChange: lastChange?.toISOString() ?? null,
    images: state?.images ?? [],
    url: state?.url ?? null,
    terraformVersion: state?.terraformVersion ?? null,
    lock: lock ?? null,
    error: error ? { fault: error.fault, message: error.message } : null,
  };
}
