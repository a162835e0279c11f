import type { Command } from "commander";
import { registerApply } from "./apply";
import { registerBranchRules } from "./branch-rules";
import { registerComment } from "./comment";
import { registerDrift } from "./drift";
import { registerDriftLog } from "./drift-log";
import { registerImages } from "./images";
import { registerMayDeploy } from "./may-deploy";
import { registerNewest } from "./newest";
import { registerPlan } from "./plan";
import { registerRecord } from "./record";
import { registerSmoke } from "./smoke";
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
    registerRecord,
    registerPlan,
    registerComment,
    registerBranchRules,
    registerMayDeploy,
    registerNewest,
    registerImages,
    registerApply,
    registerSmoke,
    registerDrift,
    registerDriftLog,
    registerSweep,
  ])
    register(ci);
}
