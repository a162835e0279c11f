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
  const [, number, unit] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  if (number === undefined)
    throw new Error(`"${quantity}" is not a CPU quantity, for instance "250m" or "1.5"`);
  return Number(number) * (unit === "m" ? 1 : 1000);
}

/**
 * A Kubernetes memory or storage quantity in bytes: 536870912 for "512Mi".
 *
 * @throws when it is not one; "m", thousandths of a byte, is taken for a slip
 */
export function parseBytes(quantity: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = BYTES_PER_UNIT.get(unit);
  if (number === undefined || factor === undefined)
    throw new Error(`"${quantity}" is not an amount of memory, for instance "512Mi" or "2Gi"`);
  return Number(number) * factor;
}
