import type { Command } from "commander";
import { registerBootstrap } from "./bootstrap";
import { registerCanary } from "./canary";
import { registerCdktf } from "./cdktf";
import { registerChanged } from "./changed";
import { registerCi } from "./ci";
import { commandLineOf, runCommand } from "./command-line/program";
import type { Start } from "./command-line/project";
import { registerCompletion } from "./completion";
import { registerCost } from "./cost";
import { registerDeploy, registerDiff } from "./deploy";
import { registerDoctor } from "./doctor";
import { registerEject } from "./eject";
import { registerEngineers } from "./engineers";
import { registerInit } from "./init";
import { registerLock } from "./lock";
import { registerModules } from "./modules";
import { registerLogs, registerOpen } from "./open";
import { registerPolicy } from "./policy";
import { registerReport } from "./report";
import { registerSecrets } from "./secrets";
import { registerStatus } from "./status";

const COMMANDS = [
  registerInit,
  registerBootstrap,
  registerEngineers,
  registerStatus,
  registerCanary,
  registerLogs,
  registerOpen,
  registerChanged,
  registerCost,
  registerReport,
  registerPolicy,
  registerModules,
  registerEject,
  registerSecrets,
  registerLock,
  registerDoctor,
  registerDiff,
  registerDeploy,
  registerCi,
  registerCompletion,
  registerCdktf,
];

/**
 * Runs one command.
 * @param args what was typed after `plue`
 * @returns the exit code
 */
export function run(args: readonly string[], start: Start): Promise<number> {
  return runCommand(args, start, COMMANDS);
}

/** The definition of every command. */
export function commandLine(start: Start): Command {
  return commandLineOf(start, COMMANDS);
}
