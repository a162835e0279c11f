import { Token } from "cdktf";
import { nameProblem, type PropProblem, problemAt, problemsIn, wholeNumber } from "../../core/invalid-props";
import { bytesProblem, parseBytes } from "../../kubernetes/quantity";
import type {
  CloudRunJobProps,
  CloudRunServiceProps,
  CloudRunWorkerPoolProps,
  HealthCheckTiming,
  RevisionProps,
  RunCpu,
  RunProps,
} from "./props";

/** `<service>-<hash>` has to be a name, too. */
const NAME_LENGTH = 49;
const GIB = 2 ** 30;
/** vCPUs by the memory that takes so many: from more than so many GiB on. @see https://cloud.google.com/run/docs/configuring/services/memory-limits */
const CPU_BY_MEMORY: readonly (readonly [moreThanGib: number, cpu: RunCpu])[] = [
  [24, 8],
  [16, 6],
  [8, 4],
  [4, 2],
];
/** GiB that so many vCPUs take at least. @see https://cloud.google.com/run/docs/configuring/services/cpu */
const MEMORY_BY_CPU: Readonly<Partial<Record<RunCpu, number>>> = { 4: 2, 6: 4, 8: 4 };
/** The smallest subnet that direct VPC egress takes. */
const LONGEST_PREFIX = 26;
/** Google's limit for the checks of a start together, and for each of their times. */
const STARTUP_SECONDS = 240;

/** What Cloud Run takes of a description, without the word before the reason. */
const REASON_LENGTH = 500;

/** Variables that Cloud Run sets itself, and refuses. */
const RESERVED = /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|CLOUD_RUN_\w+)$/;
const SECRET_NAME = /(SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|(^|_)(TOKEN|(?<!PUBLIC_)KEY))$/i;
/** A user, and perhaps a password, before the host of a URL. */
const URL_WITH_USER = /:\/\/[^/?#\s]*@/;

/** Whether an environment variable holds a secret, by what it is called, or by a user in its URL. */
export function holdsSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || URL_WITH_USER.test(value);
}

/** What Cloud Run would refuse in an apply of a service, or take and not mean. */
export function serviceProblems(props: CloudRunServiceProps): PropProblem[] {
  const { maxInstances, minInstances, startupProbe, livenessProbe, iap } = props;
  const found = [
    ...runProblems(props),
    ...wholeNumber(["port"], props.port, { from: 1, to: 65_535, optional: true }),
    ...wholeNumber(["concurrency"], props.concurrency, { from: 1, to: 1000, optional: true }),
    ...wholeNumber(["timeoutSeconds"], props.timeoutSeconds, { from: 1, to: 3600, optional: true }),
    ...wholeNumber(["maxInstances"], maxInstances, { from: 1 }),
    ...wholeNumber(["minInstances"], minInstances, { from: 1, to: maxInstances, optional: true }),
    ...problemsIn(["startupProbe"], timingProblems(startupProbe, STARTUP_SECONDS)),
    ...(livenessProbe ? problemsIn(["livenessProbe"], timingProblems(livenessProbe, 3600)) : []),
    ...trafficProblems(props),
    ...pipelineProblems(props),
  ];
  if (props.deployedBy === "pipeline" && props.traffic)
    found.push({
      prop: ["traffic"],
      problem: "names revisions, whose names are Cloud Run's own where a pipeline deploys",
      instead: "drop one of traffic and deployedBy",
    });
  const { periodSeconds = 10, failureThreshold = 3 } = startupProbe;
  if (periodSeconds * failureThreshold > STARTUP_SECONDS)
    found.push({
      prop: ["startupProbe"],
      problem: `takes ${periodSeconds * failureThreshold} seconds to fail, ${failureThreshold} times ${periodSeconds}`,
      instead: `give periodSeconds and failureThreshold that make ${STARTUP_SECONDS} at most`,
    });
  for (const [name, probe] of Object.entries({ startupProbe, livenessProbe })) {
    if (!probe || !("http" in probe)) continue;
    if (!probe.http.startsWith("/"))
      found.push({
        prop: [name, "http"],
        problem: `is "${probe.http}"`,
        instead: 'give a path, such as "/health"',
      });
    if (props.protocol === "h2c")
      found.push({
        prop: [name, "http"],
        problem: "is asked by HTTP/1, which a port of protocol h2c does not speak",
        instead: "use grpc or tcp",
      });
  }
  if (livenessProbe && "tcp" in livenessProbe)
    found.push({
      prop: ["livenessProbe", "tcp"],
      problem: "is no check that Cloud Run makes later than at start",
      instead: "use http or grpc",
    });
  if (props.public !== undefined && props.public.trim() === "")
    found.push({ prop: ["public"], problem: "is empty", instead: "write why anybody may call it" });
  if (props.public !== undefined && props.public.length > REASON_LENGTH)
    found.push({
      prop: ["public"],
      problem: `has ${props.public.length} characters`,
      instead: `give ${REASON_LENGTH} at most`,
    });
  if (props.public !== undefined && iap)
    found.push({
      prop: ["public"],
      problem: "lets anybody past Identity-Aware Proxy",
      instead: "drop one of public and iap",
    });
  return found;
}

/** The same of a job. */
export function jobProblems(props: CloudRunJobProps): PropProblem[] {
  const { tasks = 1 } = props;
  return [
    ...runProblems(props),
    ...wholeNumber(["tasks"], props.tasks, { from: 1, to: 10_000, optional: true }),
    ...wholeNumber(["parallelism"], props.parallelism, { from: 1, to: tasks, optional: true }),
    ...wholeNumber(["maxRetries"], props.maxRetries, { from: 0, to: 10, optional: true }),
    ...wholeNumber(["timeoutSeconds"], props.timeoutSeconds, { from: 1, to: 604_800, optional: true }),
  ];
}

/** The same of a worker pool. */
export function workerPoolProblems(props: CloudRunWorkerPoolProps): PropProblem[] {
  const { connector } = (props.egress ?? {}) as { connector?: unknown };
  const found = [
    ...runProblems(props),
    ...wholeNumber(["instances"], props.instances, { from: 1 }),
    ...pipelineProblems(props),
  ];
  if (connector !== undefined)
    found.push({
      prop: ["egress", "connector"],
      problem: "is given, and worker pools have none",
      instead: "give network and subnet",
    });
  return found;
}

function runProblems(props: RunProps): PropProblem[] {
  return [
    ...problemAt(["name"], nameProblem(props.name, NAME_LENGTH)),
    ...imageProblems(props),
    ...environmentProblems(props),
    ...sizeProblems(props),
    ...egressProblems(props),
  ];
}

function imageProblems({ image }: RunProps): PropProblem[] {
  const instead = "give it by digest, …@sha256:…, or { registry, name, tag } to look the digest up";
  if (typeof image === "string") {
    if (Token.isUnresolved(image) || /^\S+@sha256:[0-9a-f]{64}$/.test(image)) return [];
    return [{ prop: ["image"], problem: `is "${image}", which may be another image tomorrow`, instead }];
  }
  if (Token.isUnresolved(image.tag) || /^[\w][\w.-]{0,127}$/.test(image.tag)) return [];
  return [{ prop: ["image", "tag"], problem: `is "${image.tag}"`, instead: 'give a tag, such as "main"' }];
}

function pipelineProblems({ deployedBy, image }: RevisionProps & Pick<RunProps, "image">): PropProblem[] {
  if (deployedBy !== "pipeline" || typeof image !== "string") return [];
  return [
    {
      prop: ["deployedBy"],
      problem: "is a pipeline, whose images a fixed one would replace with the next apply",
      instead: "give image as { registry, name, tag }, or leave it out",
    },
  ];
}

/** What is wrong with environment variables, plain and from Secret Manager. */
export function environmentProblems({
  env = {},
  secrets = {},
}: Pick<RunProps, "env" | "secrets">): PropProblem[] {
  const found: PropProblem[] = [];
  for (const [prop, names] of Object.entries({ env, secrets }))
    for (const name of Object.keys(names)) {
      if (!/^[A-Za-z_]\w*$/.test(name))
        found.push({
          prop: [prop, name],
          problem: `"${name}" is no name of a variable`,
          instead: "use letters, digits and _, and begin with no digit",
        });
      if (RESERVED.test(name))
        found.push({ prop: [prop, name], problem: "is set by Cloud Run", instead: "leave it out" });
    }
  for (const [name, value] of Object.entries(env)) {
    if (name in secrets)
      found.push({ prop: ["env", name], problem: "is one of the secrets, too", instead: "drop one of them" });
    if (holdsSecret(name, value))
      found.push({
        prop: ["env", name],
        problem: "is a secret, by its name or by a user in its URL",
        instead: "give it in secrets, by secret and version",
      });
  }
  for (const [name, { secretId, version }] of Object.entries(secrets)) {
    if (!Token.isUnresolved(secretId) && !/^[A-Za-z0-9_-]{1,255}$/.test(secretId))
      found.push({
        prop: ["secrets", name, "secretId"],
        problem: `"${secretId}" is not a secret id`,
        instead: "use up to 255 letters, digits, - and _",
      });
    if (!Token.isUnresolved(version))
      found.push(...wholeNumber(["secrets", name, "version"], version, { from: 1 }));
  }
  return found;
}

function sizeProblems({ cpu, memory }: RunProps): PropProblem[] {
  const found: PropProblem[] = [];
  if (![1, 2, 4, 6, 8].includes(cpu))
    found.push({ prop: ["cpu"], problem: `is ${cpu}`, instead: "give 1, 2, 4, 6 or 8" });
  const wrong = bytesProblem(memory);
  if (wrong || !/^\d+[MG]i$/.test(memory))
    return [
      ...found,
      {
        prop: ["memory"],
        problem: `is "${memory}"`,
        instead: 'give whole Mi or Gi, such as "512Mi" or "2Gi"',
      },
    ];
  const gib = parseBytes(memory) / GIB;
  if (gib < 0.5 || gib > 32)
    return [...found, { prop: ["memory"], problem: `is ${memory}`, instead: "give 512Mi to 32Gi" }];
  const [, least = 1] = CPU_BY_MEMORY.find(([moreThan]) => gib > moreThan) ?? [];
  if (cpu < least)
    found.push({
      prop: ["memory"],
      problem: `is ${memory}, which takes ${least} vCPUs`,
      instead: "raise cpu, or give less",
    });
  const needed = MEMORY_BY_CPU[cpu] ?? 0;
  if (gib < needed)
    found.push({
      prop: ["memory"],
      problem: `is ${memory}, where ${cpu} vCPUs take ${needed}Gi at least`,
      instead: "raise it, or give fewer vCPUs",
    });
  return found;
}

function egressProblems({ egress, region, databases = [] }: RunProps): PropProblem[] {
  const prop = ["egress"];
  if (!egress) {
    if (databases.length === 0) return [];
    const problem = "is missing, without which nothing reaches a database's private address";
    return [{ prop, problem, instead: "give network and subnet" }];
  }
  const { connector, subnet } = egress;
  if (connector !== undefined && subnet !== undefined)
    return [
      {
        prop,
        problem: "has both a connector and a subnet",
        instead: "give one of the two; the subnet is cheaper",
      },
    ];
  if (connector !== undefined)
    return Token.isUnresolved(connector) ||
      /^projects\/[^/]+\/locations\/[^/]+\/connectors\/[^/]+$/.test(connector)
      ? []
      : [
          {
            prop: [...prop, "connector"],
            problem: `is "${connector}"`,
            instead: 'give its full name, "projects/<project>/locations/<region>/connectors/<name>"',
          },
        ];
  const found: PropProblem[] = [];
  const prefix = Number(subnet.cidr.split("/")[1]);
  if (!Token.isUnresolved(subnet.cidr) && !(prefix <= LONGEST_PREFIX))
    found.push({
      prop: [...prop, "subnet"],
      problem: `is ${subnet.cidr}`,
      instead: `give one of /${LONGEST_PREFIX} or larger, of its own`,
    });
  if (subnet.region !== region && !Token.isUnresolved(subnet.region))
    found.push({
      prop: [...prop, "subnet"],
      problem: `is in ${subnet.region}`,
      instead: `give one in ${region}`,
    });
  return found;
}

function timingProblems(timing: HealthCheckTiming, longest: number): PropProblem[] {
  const { periodSeconds = 10 } = timing;
  return [
    ...wholeNumber(["delaySeconds"], timing.delaySeconds, { from: 0, to: longest, optional: true }),
    ...wholeNumber(["periodSeconds"], timing.periodSeconds, { from: 1, to: longest, optional: true }),
    ...wholeNumber(["timeoutSeconds"], timing.timeoutSeconds, { from: 1, to: periodSeconds, optional: true }),
    ...wholeNumber(["failureThreshold"], timing.failureThreshold, { from: 1, optional: true }),
  ];
}

function trafficProblems({ traffic }: CloudRunServiceProps): PropProblem[] {
  if (!traffic) return [];
  const { stable, canary } = traffic;
  const named = [
    { prop: ["traffic", "stable"], hash: stable },
    ...(canary ? [{ prop: ["traffic", "canary", "revision"], hash: canary.revision }] : []),
  ];
  return [
    ...named
      .filter(({ hash }) => !/^[0-9a-f]{8}$/.test(hash))
      .map(({ prop, hash }) => ({
        prop,
        problem: `is "${hash}"`,
        instead: "give the 8 hexadecimal digits that the output of an apply told",
      })),
    ...(canary ? wholeNumber(["traffic", "canary", "percent"], canary.percent, { from: 0, to: 100 }) : []),
  ];
}
