import type { PropProblem } from "../../core/invalid-props";

/** What a parameter of Redis takes. */
interface Config {
  readonly values: RegExp;
  /** As the end of a message: what to give. */
  readonly form: string;
  /** The first version that has it. @default all */
  readonly since?: "REDIS_7_0";
}

const SWITCH = { values: /^(yes|no)$/, form: 'give "yes" or "no"' };
const NUMBER = { values: /^\d+$/, form: "give a whole number" };
const POLICIES = [
  "noeviction",
  "allkeys-lfu",
  "allkeys-lru",
  "allkeys-random",
  "volatile-lfu",
  "volatile-lru",
  "volatile-random",
  "volatile-ttl",
];

/**
 * The parameters that Memorystore for Redis lets one set.
 * @see https://cloud.google.com/memorystore/docs/redis/supported-redis-configurations
 */
const CONFIGS = {
  activedefrag: SWITCH,
  databases: { values: /^([1-9]\d?|100)$/, form: "give a whole number from 1 to 100" },
  "lazyfree-lazy-eviction": { ...SWITCH, since: "REDIS_7_0" },
  "lazyfree-lazy-expire": { ...SWITCH, since: "REDIS_7_0" },
  "lazyfree-lazy-user-del": { ...SWITCH, since: "REDIS_7_0" },
  "lazyfree-lazy-user-flush": { ...SWITCH, since: "REDIS_7_0" },
  "lfu-decay-time": NUMBER,
  "lfu-log-factor": NUMBER,
  "maxmemory-clients": {
    values: /^\d+(%|b|kb?|mb?|gb?)?$/i,
    form: 'give a share or a size, such as "5%" or "1gb"',
    since: "REDIS_7_0",
  },
  "maxmemory-gb": { values: /^\d+(\.\d+)?$/, form: 'give GB, such as "4" or "1.5"' },
  "maxmemory-policy": {
    values: new RegExp(`^(${POLICIES.join("|")})$`),
    form: `give one of ${POLICIES.join(", ")}`,
  },
  "notify-keyspace-events": {
    values: /^$|^(?=.*[KE])[KEg$lshzxetdmnA]+$/,
    form: 'give its letters, K or E among them, such as "Ex"',
  },
  "stream-node-max-bytes": NUMBER,
  "stream-node-max-entries": NUMBER,
  timeout: NUMBER,
} satisfies Readonly<Record<string, Config>>;

/** Name of a parameter that Memorystore for Redis lets one set. */
export type RedisConfigName = keyof typeof CONFIGS;

/** What Memorystore would refuse of the parameters. */
export function configProblems(
  configs: Readonly<Record<string, string | undefined>>,
  version: string,
): PropProblem[] {
  return Object.entries(configs).flatMap(([name, value = ""]) => {
    const prop = ["configs", name];
    const known: Config | undefined = Object.hasOwn(CONFIGS, name)
      ? CONFIGS[name as RedisConfigName]
      : undefined;
    if (!known)
      return [
        {
          prop,
          problem: "is no parameter that Memorystore lets one set",
          instead: `take one of ${Object.keys(CONFIGS).join(", ")}`,
        },
      ];
    if (known.since && version < known.since)
      return [{ prop, problem: `is not there in ${version}`, instead: `take ${known.since} or later` }];
    if (!known.values.test(value)) return [{ prop, problem: `is "${value}"`, instead: known.form }];
    return [];
  });
}
