import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly name?: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string | { readonly name: string };
  readonly concurrency?: Concurrency;
  readonly env?: object;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean;
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: object;
  readonly concurrency?: Concurrency;
  readonly env?: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = ".github/workflows";

const ACTIONS = ".github/actions";
const actions = readdirSync(ACTIONS);

/** Text of every file of GitHub's, by its path. */
export const texts = new Map(
  [
    ...readdirSync(FOLDER).map((file) => `${FOLDER}/${file}`),
    ...actions.map((action) => `${ACTIONS}/${action}/action.yml`),
  ].map((path) => [path, readFileSync(path, "utf8")]),
);

/** Every workflow by its file's name without ending. */
export const workflows = new Map(
  [...texts].flatMap(([path, text]) => {
    const name = /^\.github\/workflows\/([\w-]+)\.yml$/.exec(path)?.[1];
    return name ? [[name, parse(text) as Workflow]] : [];
  }),
);

/** Every job, as `deploy/production`. */
export const jobs = new Map<string, Job>(
  [...workflows].flatMap(([workflow, content]) =>
    Object.entries(content.jobs).map(([job, value]) => [`${workflow}/${job}`, value] as const),
  ),
);

/** @throws when there is none */
export function job(name: string): Job {
  const found = jobs.get(name);
  if (!found) throw new Error(`no job ${name}; there are: ${[...jobs.keys()].join(", ")}`);
  return found;
}

/** Steps of an action of this repository. */
export function stepsOf(action: string): readonly Step[] {
  return (parse(texts.get(`${ACTIONS}/${action}/action.yml`) ?? "") as { runs: { steps: Step[] } }).runs
    .steps;
}

/** Every step with where it is, those of the actions included. */
export const steps: readonly (readonly [where: string, step: Step])[] = [
  ...[...jobs].flatMap(([name, { steps = [] }]) => steps.map((step) => [name, step] as const)),
  ...actions.flatMap((action) => stepsOf(action).map((step) => [action, step] as const)),
];

/**
 * What GitHub makes of a condition of a job. Operators, strings and names mean the same there and in JavaScript, as far as
 * the workflows use them; a name that there is not is empty.
 */
export function evaluate(condition: string | undefined, context: Readonly<Record<string, unknown>>): boolean {
  const expression = (condition ?? "true")
    .replace(/^\$\{\{|\}\}$/g, "")
    .replace(/\.([\w-]*-[\w-]*)/g, '["$1"]');
  const names = Object.keys(context);
  return Boolean(new Function(...names, `return (${expression})`)(...names.map((name) => context[name])));
}
