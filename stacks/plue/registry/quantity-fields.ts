import { plain, type TextFormat, text } from "../../../lib/input/fields";
import { quote } from "../../../lib/input/problems";
import { parseBytes, parseCpu } from "../../../lib/kubernetes/quantity";

interface Bounds {
  readonly description: string;
  readonly min: string;
  readonly max: string;
  readonly example: string;
}

/** A Kubernetes CPU quantity between two others. */
export function cpu(bounds: Bounds) {
  return quantity(bounds, parseCpu, {
    format: "an amount of CPU",
    advice: "write cores, or thousandths of one with m",
    pattern: /^(?:\d{1,3}(?:\.\d{1,3})?|\d{1,6}m)$/,
  });
}

/** A Kubernetes memory or storage quantity between two others, in the two units that nobody mistakes. */
export function bytes(bounds: Bounds) {
  return quantity(bounds, parseBytes, {
    format: "an amount of memory or storage",
    advice: "write a whole number of Mi or Gi",
    pattern: /^\d{1,6}[MG]i$/,
    suggest: (wrong) =>
      plain(wrong).replace(/^(\d+)\s*([mg])i?b?$/, (_, count, unit) => `${count}${unit.toUpperCase()}i`),
  });
}

function quantity(
  { description, min, max, example }: Bounds,
  amount: (quantity: string) => number,
  format: Pick<TextFormat, "format" | "advice" | "pattern" | "suggest">,
) {
  const within = (value: string) => amount(value) >= amount(min) && amount(value) <= amount(max);
  return text({ ...format, description: `${description} From ${min} to ${max}.`, example }).refine(
    (value) => !format.pattern.test(value) || within(value),
    { error: ({ input }) => `${quote(input)} is out of bounds: from ${min} to ${max}` },
  );
}
