import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { type SmokeOptions, smoke } from "./smoke";
import { numberOption, step } from "./step";

interface SmokeCommandOptions {
  readonly attempts: number;
  readonly timeout: number;
  readonly interval: number;
}

/** Registers `plue ci smoke`. */
export function registerSmoke(ci: Command): void {
  const command = ci
    .command("smoke")
    .description("ask /health of an address until it answers 200, a bounded number of times")
    .argument("<url>", "https://alice.staging.plue.dev", address)
    .addOption(numberOption("--attempts <count>", "how often at most", 30))
    .addOption(numberOption("--timeout <seconds>", "how long to wait for one answer", 5))
    .addOption(numberOption("--interval <seconds>", "how long to wait before asking again", 5));
  examples(command, { "npx plue ci smoke https://plue.dev": "gives up after five minutes" });
  step(command, async (url: URL, { attempts, timeout, interval }: SmokeCommandOptions) => {
    const options: SmokeOptions = { attempts, timeoutSeconds: timeout, intervalSeconds: interval };
    const result = await smoke(new URL("/health", url), options, tell);
    if (!result.ok)
      throw new CliError(`${url.origin} is not healthy: asked ${result.attempts} times, last ${result.last}`);
    tell(`${url.origin} is healthy.`);
  });
}

function address(given: string): URL {
  if (!/^https?:\/\//.test(given) || !URL.canParse(given))
    throw new InvalidArgumentError("give an address such as https://plue.dev");
  return new URL(given);
}
