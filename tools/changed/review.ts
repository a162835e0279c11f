import { z } from "zod";
import { lossOf } from "../../lib/core/resource-types";
import type { Range } from "../../lib/core/resource-types/billing";
import {
  type Replaced,
  replacedBy,
  replacingArguments,
  valuesAt,
} from "../../lib/core/resource-types/replacement";
import {
  argument,
  type Block,
  blocksOf,
  type Stacks,
  type TerraformJson,
} from "../../lib/core/terraform-json";
import type { EngineerLimit } from "../../lib/environments/capacity";
import type { BudgetComparison } from "../cost/budget";
import { describeGaps } from "../cost/describe";
import { estimateStack, sum } from "../cost/estimate";
import { costWarnings, type ProgramCost } from "../cost/program";
import { OWN_RULES, type PolicyFinding, type PolicyResult, readPolicyResult } from "../policy/result";
import { ask, type Base } from "./base";
import { type ArgumentChange, diffStacks, type StackDifference } from "./diff-stacks";

/** What a change does to a block of Terraform: a resource, or an output, a local value, a provider, … */
export interface BlockReview {
  /** `google_sql_user.sql_admin`, `output.url` */
  readonly address: string;
  /** `follows`: as it is, but made of something that is replaced. `forgotten`: no longer Terraform's, and left as it is. */
  readonly change: "added" | "changed" | "removed" | "forgotten" | "follows";
  readonly arguments: readonly ArgumentChange[];
  /** Another resource takes its place, or may. @default it is changed in place */
  readonly replaced?: Replaced;
  /** Terraform refuses the replacement, by `prevent_destroy`. @default it does not */
  readonly refused?: boolean;
  /** Of what `follows`: the address of what is replaced. */
  readonly of?: string;
  /** What it holds that nothing makes again: "its databases". @default nothing */
  readonly holds?: string;
}

export interface StackReview {
  readonly stack: string;
  readonly change: StackDifference["change"];
  readonly blocks: readonly BlockReview[];
  /** USD a month. */
  readonly cost: Change<Range>;
}

/** What was, where that is known or there was anything, and what is now. */
export interface Change<T> {
  readonly before?: T;
  readonly after: T;
}

export interface EnvironmentReview {
  readonly name: string;
  /** USD a month. */
  readonly cost: Change<Range>;
  /** The budget, beside the cost now. @default it has none */
  readonly budget?: BudgetComparison;
}

/** How many engineers there are, and there is room for. */
export interface Room {
  readonly engineers: number;
  readonly limits: readonly EngineerLimit[];
}

/** All that a change does, as far as it is known without a cloud. */
export interface Review {
  /** What it is compared with, as it was named. */
  readonly base: string;
  /** Those that differ. */
  readonly stacks: readonly StackReview[];
  readonly environments: readonly EnvironmentReview[];
  /** What makes costs too low, a sentence each. */
  readonly gaps: readonly string[];
  /** What somebody has to look at, a sentence each. */
  readonly warnings: readonly string[];
  /** @default the system has no registry of engineers */
  readonly room?: Change<Room>;
  /** The program's own rules. */
  readonly policy: PolicyReview;
}

export interface PolicyReview {
  readonly green: Change<boolean>;
  /** Findings that were not there, of a base of which that is known. */
  readonly appeared: readonly PolicyFinding[];
  /** Findings that are not there any more. */
  readonly resolved: readonly PolicyFinding[];
  /** How many there are. */
  readonly findings: number;
}

/** A program as it is now. */
export interface Head {
  readonly stacks: Stacks;
  readonly cost: ProgramCost;
  readonly policy: PolicyResult;
}

/** What a program says of itself as it was; undefined where that is not known. */
export interface BaseSays {
  readonly room?: Room;
  readonly policy?: PolicyResult;
}

/** Asks the base's own program what a synthesis does not hold: its room for engineers, and what policy finds in it. */
export async function askBase({ program }: Base): Promise<BaseSays> {
  if (program === undefined) return {};
  const [cost, policy] = await Promise.all([ask(program, ["cost"]), ask(program, OWN_RULES)]);
  return { room: readRoom(cost), policy: readPolicyResult(policy) };
}

const printedCost = z.object({
  engineers: z.object({
    stacks: z.array(z.string()),
    limits: z.array(z.object({ scarce: z.string(), engineers: z.number() })),
  }),
});

function readRoom(value: unknown): Room | undefined {
  const { data } = printedCost.safeParse(value);
  return data && { engineers: data.engineers.stacks.length, limits: data.engineers.limits };
}

/** Puts together what a change does. @param name of the base */
export function review(name: string, before: Stacks, says: BaseSays, head: Head): Review {
  const { stacks, cost, policy } = head;
  const room: Room = { engineers: cost.engineers.length, limits: cost.limits };
  return {
    base: name,
    stacks: reviewStacks(before, stacks),
    environments: reviewEnvironments(before, cost),
    gaps: [...new Set([...cost.stacks.values()].flatMap(describeGaps))],
    warnings: costWarnings(cost),
    ...(room.limits.length > 0 && { room: { ...(says.room && { before: says.room }), after: room } }),
    policy: reviewPolicy(says.policy, policy),
  };
}

function reviewEnvironments(before: Stacks, cost: ProgramCost): EnvironmentReview[] {
  const names = cost.environments.map(({ name }) => name);
  const environmentOf = (stack: string) =>
    cost.environments.find(({ stacks }) => stacks.includes(stack))?.name ??
    // A stack that is gone is declared nowhere.
    names.find((name) => stack.startsWith(`${name}-`));
  const costs = [...before].map(([stack, json]) => ({
    name: environmentOf(stack),
    cost: estimateStack(json),
  }));
  return cost.environments.map(({ name, low, high, budget }) => {
    const own = costs.filter((each) => each.name === name);
    return {
      name,
      cost: { ...(own.length > 0 && { before: sum(own.map((each) => each.cost)) }), after: { low, high } },
      ...(budget && { budget }),
    };
  });
}

function reviewPolicy(before: PolicyResult | undefined, after: PolicyResult): PolicyReview {
  const key = ({ check, resource }: PolicyFinding) => `${check}\n${resource}`;
  const without = (findings: readonly PolicyFinding[], others: readonly PolicyFinding[]) => {
    const known = new Set(others.map(key));
    return findings.filter((finding) => !known.has(key(finding)));
  };
  return {
    green: { ...(before && { before: before.green }), after: after.green },
    appeared: before ? without(after.findings, before.findings) : [],
    resolved: before ? without(before.findings, after.findings) : [],
    findings: after.findings.length,
  };
}

/** What becomes of each stack that differs, block by block. */
export function reviewStacks(before: Stacks, after: Stacks): StackReview[] {
  return diffStacks(before, after).map((difference) => {
    const { stack, change } = difference;
    const [old, now] = [before.get(stack), after.get(stack)];
    return {
      stack,
      change,
      blocks: reviewBlocks(difference, old ?? {}, now ?? {}),
      cost: { ...(old && { before: costOf(old) }), after: costOf(now ?? {}) },
    };
  });
}

function costOf(json: TerraformJson): Range {
  const { low, high } = estimateStack(json);
  return { low, high };
}

function reviewBlocks(
  difference: StackDifference,
  before: TerraformJson,
  after: TerraformJson,
): BlockReview[] {
  const [old, now] = [resourcesOf(before), resourcesOf(after)];
  const holds = (address: string, block = now.get(address) ?? old.get(address)) => {
    const what = block && lossOf(block.type);
    return what === undefined ? {} : { holds: what };
  };
  const changed = difference.changed.map(({ address, from = address, arguments: its }): BlockReview => {
    const [was, is] = [old.get(from), now.get(address)];
    const replaced = was && is && replacedBy(is.type, was.args, is.args);
    const effect = replaced && { replaced, ...refusal(is) };
    return { address, change: "changed", arguments: its, ...effect, ...holds(address) };
  });
  const rest = (change: "added" | "removed" | "forgotten", addresses: readonly string[]) =>
    addresses.map((address): BlockReview => ({ address, change, arguments: [], ...holds(address) }));
  const known = [
    ...rest("removed", difference.removed),
    ...rest("forgotten", difference.forgotten),
    ...changed,
    ...rest("added", difference.added),
  ];
  return [...known, ...followers(known, now).map((block) => ({ ...block, ...holds(block.address) }))];
}

/**
 * Resources that are as they were, but name something that is replaced in an argument by which they are replaced themselves:
 * with what that becomes known as, they may be. A plan tells.
 */
function followers(known: readonly BlockReview[], now: ReadonlyMap<string, Block>): BlockReview[] {
  const gone = new Set(known.filter((block) => block.replaced).map(({ address }) => address));
  const found: BlockReview[] = [];
  for (let more = gone.size > 0; more; ) {
    more = false;
    for (const [address, { type, args }] of now) {
      if (gone.has(address)) continue;
      const names = (path: string, other: string) =>
        JSON.stringify(valuesAt(args, path)).includes(`\${${other}.`);
      const paths = replacingArguments(type, args) ?? [];
      const of = [...gone].find((other) => paths.some((path) => names(path, other)));
      if (of === undefined) continue;
      gone.add(address);
      const by = paths.filter((path) => names(path, of));
      const replaced = { certain: false, by };
      found.push({ address, change: "follows", arguments: [], replaced, ...refusal({ args }), of });
      more = true;
    }
  }
  return found;
}

/** Of what is removed from the program, `prevent_destroy` is removed too. */
function refusal({ args }: Pick<Block, "args">): { refused?: boolean } {
  return argument(args, "lifecycle", "prevent_destroy") === true ? { refused: true } : {};
}

function resourcesOf(json: TerraformJson): Map<string, Block> {
  return new Map(blocksOf(json).map((block) => [block.address, block]));
}

/** What ends with a change, or may: of what is removed or replaced. */
export function endsOf({ blocks, change }: StackReview): BlockReview[] {
  // What a stack that is gone had must have been destroyed before.
  if (change === "removed") return [];
  return blocks.filter(
    ({ change: its, replaced, holds }) =>
      holds !== undefined && (its === "removed" || replaced !== undefined),
  );
}
