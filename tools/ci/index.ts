import type { Command } from "commander";
import { registerApply } from "./apply";
import { registerComment } from "./comment-command";
import { registerDrift } from "./drift";
import { registerImages } from "./images-command";
import { registerMayDeploy } from "./may-deploy-command";
import { registerNewest } from "./newest";
import { registerPlan } from "./plan-command";
import { registerSmoke } from "./smoke-command";
import { registerIdentity, registerStacks } from "./stacks";
import { registerSweep } from "./sweep";

/** Registers `plue ci`. */
export function registerCi(program: Command): void {
  const ci = program
    .command("ci")
    .description("the steps of the GitHub workflows, which may be run by hand as well");
  for (const register of [
    registerStacks,
    registerIdentity,
    registerPlan,
    registerComment,
    registerMayDeploy,
    registerNewest,
    registerImages,
    registerApply,
    registerSmoke,
    registerDrift,
    registerSweep,
  ])
    register(ci);
}
