import { setTimeout as pause } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";
import { examples, tell } from "../command-line/output";
import { numberOption } from "./step";

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
  command.action(async (url: URL, { attempts, timeout, interval }: SmokeCommandOptions) => {
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

export interface SmokeOptions {
  /** How often to ask at most. */
  readonly attempts: number;
  /** Seconds to wait for one answer. */
  readonly timeoutSeconds: number;
  /** Seconds between an answer that is not right and the next question. */
  readonly intervalSeconds: number;
}

export interface SmokeResult {
  readonly ok: boolean;
  /** How often it was asked. */
  readonly attempts: number;
  /** What came last: `200`, `503`, `no answer within 5 s`. */
  readonly last: string;
}

/**
 * Asks an address until it answers 200, a bounded number of times. A redirect is no answer: it may lead to a page that
 * is always there.
 * @param say takes a line for each answer that is not right
 */
export async function smoke(
  url: URL,
  options: SmokeOptions,
  say: (line: string) => void,
): Promise<SmokeResult> {
  for (let attempt = 1; ; attempt++) {
    const last = await ask(url, options.timeoutSeconds);
    if (last === "200") return { ok: true, attempts: attempt, last };
    say(`${url.href}: ${last} (${attempt} of ${options.attempts})`);
    if (attempt === options.attempts) return { ok: false, attempts: attempt, last };
    await pause(options.intervalSeconds * 1000);
  }
}

async function ask(url: URL, timeoutSeconds: number): Promise<string> {
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const response = await fetch(url, { redirect: "manual", signal });
    // Headers alone are no answer.
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: { message?: string; code?: string } };
    if (name === "TimeoutError") return `no answer within ${timeoutSeconds} s`;
    // fetch says why it failed in the cause alone.
    return cleanLine(cause?.message || cause?.code || message);
  }
}
