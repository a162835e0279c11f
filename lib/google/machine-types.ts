import { printValueProblem, type ValueProblem } from "../core/invalid-props";
import { nearest } from "../input/explain";

const MIB_PER_GIB = 1024;

/** A Compute Engine machine type. */
export interface MachineType {
  /** What comes before the first hyphen: `e2`. */
  readonly family: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Its vCPU are a share of a core, which it may exceed for a while. */
  readonly sharedCore: boolean;
}

interface Series {
  readonly gibPerVcpu: number;
  /** In which sizes there are machines. */
  readonly vcpus: readonly number[];
}

/**
 * The machine types that node pools may have, by all of their name but the number of vCPU. Add a series, or a size of one,
 * here: what room it has for pods follows. What it costs is in `lib/core/resource-types/prices.ts`.
 *
 * @see https://cloud.google.com/compute/docs/machine-resource
 */
const SERIES: Readonly<Record<string, Series>> = {
  "e2-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32] },
  "e2-highmem": { gibPerVcpu: 8, vcpus: [2, 4, 8, 16] },
  "e2-highcpu": { gibPerVcpu: 1, vcpus: [2, 4, 8, 16, 32] },
  "n1-standard": { gibPerVcpu: 3.75, vcpus: [1, 2, 4, 8, 16, 32, 64, 96] },
  "n1-highmem": { gibPerVcpu: 6.5, vcpus: [2, 4, 8, 16, 32, 64, 96] },
  "n2-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128] },
  "n2-highmem": { gibPerVcpu: 8, vcpus: [2, 4, 8, 16, 32, 48, 64, 80] },
  "n2-highcpu": { gibPerVcpu: 1, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96] },
  "n2d-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224] },
  "c3-standard": { gibPerVcpu: 4, vcpus: [4, 8, 22, 44, 88, 176] },
  "c3-highmem": { gibPerVcpu: 8, vcpus: [4, 8, 22, 44, 88, 176] },
  "c3-highcpu": { gibPerVcpu: 2, vcpus: [4, 8, 22, 44, 88, 176] },
  // With one to eight NVIDIA L4.
  "g2-standard": { gibPerVcpu: 4, vcpus: [4, 8, 12, 16, 24, 32, 48, 96] },
};

/** Memory in GiB of the types with shared cores, which show two vCPU each. */
const SHARED_CORE: Readonly<Record<string, number>> = { "e2-micro": 1, "e2-small": 2, "e2-medium": 4 };

/** Series, its family, and the number of vCPU: `e2-standard`, `e2`, `4`. */
const SHAPE = /^(([a-z0-9]+)-[a-z]+)-(\d+)$/;

/**
 * Reads the name of a machine type: `e2-standard-4`.
 * @throws when it is none of those known here
 */
export function readMachineType(name: string): MachineType {
  const found = find(name);
  if (found) return found;
  throw new Error(printValueProblem(unknown(name)));
}

/** What is wrong with the name of a machine type; undefined when it is known. */
export function machineTypeProblem(name: string): ValueProblem | undefined {
  return find(name) ? undefined : unknown(name);
}

function find(name: string): MachineType | undefined {
  const [, series = "", family = "", number] = SHAPE.exec(name) ?? [];
  const vcpus = Number(number);
  const sharedGib = Object.hasOwn(SHARED_CORE, name) ? SHARED_CORE[name] : undefined;
  if (sharedGib !== undefined)
    return {
      family: name.replace(/-.*/, ""),
      vcpus: 2,
      memoryMib: sharedGib * MIB_PER_GIB,
      sharedCore: true,
    };
  const known = SERIES[series];
  if (!known?.vcpus.includes(vcpus)) return undefined;
  return { family, vcpus, memoryMib: vcpus * known.gibPerVcpu * MIB_PER_GIB, sharedCore: false };
}

function unknown(name: string): ValueProblem {
  const [, series = ""] = SHAPE.exec(name) ?? [];
  const sizes = SERIES[series]?.vcpus;
  const meant = sizes ? undefined : nearest(name, typesLike(name));
  const known = sizes
    ? `${series} with ${listed(sizes)} vCPU`
    : listed([...Object.keys(SHARED_CORE), ...Object.keys(SERIES).map((each) => `${each}-<vCPU>`)]);
  return {
    problem: `"${name}" is no known machine type`,
    instead: `${meant ? `did you mean ${meant}? Otherwise ` : ""}use ${known}, or add what Google has besides to lib/google/machine-types.ts`,
  };
}

/** Types that somebody who wrote another may have meant: of the number of vCPU that she wrote, where there is one. */
function typesLike(name: string): string[] {
  const vcpus = /-(\d+)$/.exec(name)?.[1];
  const sized = Object.entries(SERIES).flatMap(([series, { vcpus: sizes }]) =>
    sizes.filter((size) => vcpus === undefined || String(size) === vcpus).map((size) => `${series}-${size}`),
  );
  return [...Object.keys(SHARED_CORE), ...sized];
}

/** The share that is reserved of what an amount has up to a bound, above the bound before. */
interface Bracket {
  readonly upTo: number;
  readonly share: number;
}

const CPU_RESERVED: readonly Bracket[] = [
  { upTo: 1000, share: 0.06 },
  { upTo: 2000, share: 0.01 },
  { upTo: 4000, share: 0.005 },
  { upTo: Number.POSITIVE_INFINITY, share: 0.0025 },
];

const SHARED_CORE_CPU_RESERVED = 1060;

const MEMORY_RESERVED: readonly Bracket[] = [
  { upTo: 4 * MIB_PER_GIB, share: 0.25 },
  { upTo: 8 * MIB_PER_GIB, share: 0.2 },
  { upTo: 16 * MIB_PER_GIB, share: 0.1 },
  { upTo: 128 * MIB_PER_GIB, share: 0.06 },
  { upTo: Number.POSITIVE_INFINITY, share: 0.02 },
];

/** MiB that stay free, so that the kubelet evicts pods before the kernel kills them. */
const EVICTION_MEMORY = 100;

/**
 * MiB that firmware and kernel keep before Kubernetes counts: a line through what a node of e2-medium reports (2810Mi
 * allocatable) and one of e2-standard-4 (13182Mi, the example on Google's page).
 */
const BOOT_MEMORY = { base: 69, share: 0.0226 };

/**
 * What a GKE node of a machine type has for pods, as `status.allocatable` of the node says: what it has without what GKE
 * reserves for the system and the kubelet.
 *
 * | machine type  | CPU   | memory  |
 * | ------------- | ----- | ------- |
 * | e2-medium     | 940m  | 2810Mi  |
 * | e2-standard-2 | 1930m | 5994Mi  |
 * | e2-standard-4 | 3920m | 13182Mi |
 *
 * The reservations are Google's. What the kernel keeps is an estimate, up to some 2 % of the memory too much.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#resource_reservations
 * @throws on a machine type that is not known here
 */
export function allocatable(machineType: string): { readonly cpu: string; readonly memory: string } {
  const { vcpus, memoryMib, sharedCore } = readMachineType(machineType);
  const cpu = vcpus * 1000;
  const reservedCpu = sharedCore ? SHARED_CORE_CPU_RESERVED : reserved(cpu, CPU_RESERVED);
  const bootMemory = BOOT_MEMORY.base + BOOT_MEMORY.share * memoryMib;
  const memory = memoryMib - bootMemory - reserved(memoryMib, MEMORY_RESERVED) - EVICTION_MEMORY;
  return { cpu: `${Math.floor(cpu - reservedCpu)}m`, memory: `${Math.floor(memory)}Mi` };
}

function reserved(amount: number, brackets: readonly Bracket[]): number {
  return brackets.reduce((sum, { upTo, share }, index) => {
    const from = brackets[index - 1]?.upTo ?? 0;
    return sum + share * Math.max(0, Math.min(amount, upTo) - from);
  }, 0);
}

function listed(things: readonly (string | number)[]): string {
  return things.length > 1 ? `${things.slice(0, -1).join(", ")} and ${things.at(-1)}` : String(things[0]);
}
