import { blocksOf, type Stacks, type TerraformJson } from "../../lib/core/terraform-json";
import type { Review } from "../changed/review";
import type { ProgramCost } from "../cost/program";
import type { PolicyResult } from "../policy/result";
import { shorten } from "./picture";

/** An engineer's environment, as the report's table shows it. */
export interface ReportEngineer {
  readonly stack: string;
  readonly name: string;
  readonly state: string;
  readonly url: string;
  readonly namespace: string;
  readonly database: string;
  readonly imageTag: string;
}

/** What a report is made of. */
export interface ReportProps {
  readonly stacks: Stacks;
  readonly cost: ProgramCost;
  /** In the order of the registry. */
  readonly engineers: readonly ReportEngineer[];
  /** What the program's own rules find. */
  readonly policy: PolicyResult;
  /** The commit that all of it is of. @default none is known */
  readonly commit?: string;
  /** What changed, and since when. @default nothing about changes */
  readonly review?: Review;
}

/** Stacks that differ in nothing but what they are called after. */
export interface StackGroup {
  /** Short name of all of them, for a heading. */
  readonly title: string;
  /** For links to it: `stack-production`. */
  readonly anchor: string;
  readonly names: readonly string[];
  /** The first one's. */
  readonly json: TerraformJson;
}

/** The stacks, those of engineers together where they hold the same resources. */
export function groupStacks({ stacks, engineers }: ReportProps): StackGroup[] {
  const ofEngineers = new Set(engineers.map(({ stack }) => stack));
  const groups = new Map<string, string[]>();
  for (const [name, json] of stacks) {
    const addresses = blocksOf(json, ["resource", "data"]).map(({ address }) => address);
    const key = ofEngineers.has(name) ? JSON.stringify(addresses.sort()) : name;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].map((names) => ({
    title: shorten(names, 2),
    anchor: `stack-${names[0]}`,
    names,
    json: stacks.get(names[0] as string) as TerraformJson,
  }));
}

/** `1 resource`, `12 resources` */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
