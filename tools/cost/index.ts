import type { Command } from "commander";
import { emit, examples, type JsonOption, withJson } from "../command-line/output";
import { findStack, readProject } from "../command-line/project";
import { costJson } from "./program";
import { programText, stackText } from "./text";

/** Registers `plue cost`. */
export function registerCost(program: Command): void {
  const command = program
    .command("cost")
    .description("what a month costs, low and high, and how many engineers there is room for; asks no cloud")
    .argument("[stack]", "that stack alone, line by line")
    .action((stack: string | undefined, options: JsonOption) => cost(stack, options));
  examples(withJson(command), {
    "npx plue cost": "all stacks, and the room for engineers",
    "npx plue cost production": "line by line: quantity x price",
    "npx plue cost --json | jq '.environments[] | {name, low, high}'": "",
  });
}

function cost(stack: string | undefined, options: JsonOption): void {
  const project = readProject();
  if (stack !== undefined) findStack(project, stack);
  const { synthesizeStacks } = require("../synthesis") as typeof import("../synthesis");
  const { programCost } = require("./program") as typeof import("./program");
  const stacks = synthesizeStacks(project);
  const costs = programCost(project, stacks);
  emit(options, costJson(costs, stack), () =>
    stack === undefined ? programText(costs) : stackText(stack, costs),
  );
}
