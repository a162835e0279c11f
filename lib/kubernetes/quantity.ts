import { z } from "zod";
import { printValueProblem, type ValueProblem } from "../core/invalid-props";
import { patterned } from "../input/fields";

const CPU = /^(\d+(?:\.\d+)?)(m?)$/;
const BYTES = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/;
const BYTES_PER_UNIT = new Map([
  ["", 1],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
]);

/**
 * A Kubernetes CPU quantity in thousandths of a core: 250 for "250m", 1500 for "1.5".
 *
 * @throws when it is not one
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseCpu(quantity: string): number {
  const problem = cpuProblem(quantity);
  if (problem) throw new Error(printValueProblem(problem));
  const [, number, unit] = CPU.exec(quantity) ?? [];
  return Number(number) * (unit === "m" ? 1 : 1000);
}

/** What is wrong with a CPU quantity; undefined when nothing is. */
export function cpuProblem(quantity: string): ValueProblem | undefined {
  if (CPU.test(quantity)) return undefined;
  return { problem: `"${quantity}" is not a CPU quantity`, instead: 'give one such as "250m" or "1.5"' };
}

/**
 * A Kubernetes memory or storage quantity in bytes: 536870912 for "512Mi".
 *
 * @throws when it is not one; "m", thousandths of a byte, is taken for a slip
 */
export function parseBytes(quantity: string): number {
  const problem = bytesProblem(quantity);
  if (problem) throw new Error(printValueProblem(problem));
  const [, number, unit = ""] = BYTES.exec(quantity) ?? [];
  return Number(number) * (BYTES_PER_UNIT.get(unit) as number);
}

/** What is wrong with a memory or storage quantity; undefined when nothing is. */
export function bytesProblem(quantity: string): ValueProblem | undefined {
  if (BYTES_PER_UNIT.has(BYTES.exec(quantity)?.[2] ?? "none")) return undefined;
  return {
    problem: `"${quantity}" is not an amount of memory`,
    instead: 'give one such as "512Mi" or "2Gi"',
  };
}

/** A memory or storage quantity in a chart's values. */
export const bytesSchema = patterned(
  /^\d+(Ki|Mi|Gi)$/,
  "an amount of bytes: write it with Ki, Mi or Gi, for instance 512Mi",
);

/** What a container requests, or is limited to, in a chart's values. */
export const amountsSchema = z.strictObject({
  cpu: patterned(/^\d+(\.\d+)?m?$/, "an amount of CPU: write cores or thousandths of one, for instance 500m"),
  memory: bytesSchema,
  "ephemeral-storage": bytesSchema,
});

/** Requests and limits of a container in a chart's values. */
export const resourcesSchema = z.strictObject({ requests: amountsSchema, limits: amountsSchema });
