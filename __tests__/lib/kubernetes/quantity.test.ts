import { parseBytes, parseCpu } from "../../../lib/kubernetes/quantity";

test.each([
  ["250m", 250],
  ["2", 2000],
  ["1.5", 1500],
  ["0", 0],
])("%s is %d thousandths of a core", (quantity, millis) => expect(parseCpu(quantity)).toBe(millis));

test.each([
  ["512Mi", 536_870_912],
  ["1.5Gi", 1_610_612_736],
  ["13498416Ki", 13_822_377_984],
  ["2G", 2_000_000_000],
  ["128974848", 128_974_848],
])("%s is %d bytes", (quantity, bytes) => expect(parseBytes(quantity)).toBe(bytes));

test.each(["", "m", "-1", "1e3", "1Gi", " 1", "1 m", ".5"])("%j is no amount of CPU", (quantity) =>
  expect(() => parseCpu(quantity)).toThrow(
    `"${quantity}" is not a CPU quantity: give one such as "250m" or "1.5"`,
  ),
);

test.each(["", "Mi", "400m", "4GB", "4gi", "1constructor"])("%j is no amount of memory", (quantity) =>
  expect(() => parseBytes(quantity)).toThrow(
    `"${quantity}" is not an amount of memory: give one such as "512Mi" or "2Gi"`,
  ),
);
