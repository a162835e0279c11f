import { allocatable, machineTypeProblem, readMachineType } from "../../../lib/google/machine-types";
import { parseBytes } from "../../../lib/kubernetes/quantity";

test.each([
  ["e2-medium", { family: "e2", vcpus: 2, memoryMib: 4096, sharedCore: true }],
  ["e2-standard-4", { family: "e2", vcpus: 4, memoryMib: 16_384, sharedCore: false }],
  ["n1-standard-1", { family: "n1", vcpus: 1, memoryMib: 3840, sharedCore: false }],
  ["n2-highmem-8", { family: "n2", vcpus: 8, memoryMib: 65_536, sharedCore: false }],
  ["g2-standard-12", { family: "g2", vcpus: 12, memoryMib: 49_152, sharedCore: false }],
])("%s is read from its name", (name, expected) => {
  expect(readMachineType(name)).toEqual(expected);
});

test.each([
  ["e2-medium", "940m", "2810Mi"],
  ["e2-standard-2", "1930m", "5994Mi"],
  ["e2-standard-4", "3920m", "13182Mi"],
])("a node of %s has %s of CPU and %s of memory for pods", (name, cpu, memory) => {
  expect(allocatable(name)).toEqual({ cpu, memory });
});

// Beyond the first four cores a quarter of a percent each: 80m, and 10m for each four more.
test.each([
  ["n1-standard-1", "940m"],
  ["e2-standard-8", "7910m"],
  ["n2-standard-128", "127610m"],
])("of %s, GKE leaves %s of CPU", (name, cpu) => {
  expect(allocatable(name).cpu).toBe(cpu);
});

// What nodes have reported, in KiB: where the formula errs, it promises too little.
test.each([
  ["e2-small", 1_397_472],
  ["e2-medium", 2_877_136],
  ["e2-standard-2", 6_186_972],
  ["e2-standard-4", 13_498_416],
  ["n1-standard-1", 2_702_216],
  ["n1-standard-4", 12_699_980],
])("the memory of %s is that of a real node but for a few percent", (name, kib) => {
  const share = parseBytes(allocatable(name).memory) / (kib * 1024);
  expect(share).toBeGreaterThan(0.96);
  expect(share).toBeLessThan(1.0005);
});

test("above 128 GiB two of a hundred are reserved", () => {
  const gib = (name: string) => parseBytes(allocatable(name).memory) / 2 ** 30;
  const [small, large] = [gib("n2-highmem-16"), gib("n2-highmem-32")];
  expect(large - small).toBeCloseTo(128 * (1 - 0.02 - 0.0226), 2);
});

test.each(["e2-standrad-4", "m5.large", "e2", "", "toString", "e2-medium-2"])(
  "%p is named with the types that there are",
  (name) => {
    expect(machineTypeProblem(name)?.problem).toBe(`"${name}" is no known machine type`);
    expect(() => allocatable(name)).toThrow("use e2-micro, e2-small, e2-medium, e2-standard-<vCPU>,");
  },
);

test.each([
  ["e2-medum", "e2-medium"],
  ["e2-standrad-4", "e2-standard-4"],
  ["n2highmem-16", "n2-highmem-16"],
])("%p is told what was meant", (name, meant) => {
  expect(machineTypeProblem(name)?.instead).toMatch(
    new RegExp(
      `^did you mean ${meant}\\? Otherwise use e2-micro, .*, or add what Google has besides to lib/google/machine-types.ts$`,
    ),
  );
});
