import { setTimeout as pause } from "node:timers/promises";

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
    return cause?.message || cause?.code || message;
  }
}
