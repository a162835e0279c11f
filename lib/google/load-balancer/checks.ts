import { nameProblem, type PropProblem, problemAt, problemsIn, wholeNumber } from "../../core/invalid-props";
import { slug } from "../certificate";
import {
  type BucketBackend,
  type CdnSettings,
  type CloudRunBackend,
  type HostRoutes,
  isBucket,
  type LoadBalancerProps,
} from "./props";

const YEAR = 31_536_000;
/** As long as the hash that a network endpoint group's name ends with. */
const HASH = "000000";

/** What is wrong with a load balancer's props. */
export function problems(props: LoadBalancerProps): PropProblem[] {
  const { name, backends, hosts, defaultBackend, keepAliveSeconds } = props;
  const found: PropProblem[] = [];
  // The longest of the names that are made of this one alone.
  found.push(...problemAt(["name"], nameProblem(`${name}-https-ipv4`) && nameProblem(name, 52)));
  for (const [key, backend] of Object.entries(backends))
    found.push(...problemsIn(["backends", key], backendProblems(key, backend, props)));
  found.push(...backendsProblems(props));
  if (Object.keys(hosts).length === 0)
    found.push({ prop: ["hosts"], problem: "is empty", instead: "name one at least" });
  for (const [host, routes] of Object.entries(hosts))
    found.push(...problemsIn(["hosts", host], hostProblems(host, routes, props)));
  found.push(...defaultProblems(["defaultBackend"], defaultBackend, props));
  found.push(...hstsProblems(props));
  found.push(
    ...wholeNumber(["keepAliveSeconds"], keepAliveSeconds, {
      from: 5,
      to: 1200,
      unit: "seconds",
      optional: true,
    }),
  );
  return found;
}

function backendsProblems({ backends, hosts, defaultBackend }: LoadBalancerProps): PropProblem[] {
  const used = new Set(
    [
      defaultBackend,
      ...Object.values(hosts).flatMap((host) => [
        host.defaultBackend,
        ...(host.routes ?? []).map(({ backend }) => backend),
      ]),
    ].filter((key) => key !== undefined),
  );
  const keys = Object.keys(backends);
  if (keys.length === 0) return [{ prop: ["backends"], problem: "is empty", instead: "name one at least" }];
  return keys
    .filter((key) => !used.has(key))
    .map((key) => ({
      prop: ["backends", key],
      problem: "gets no request, as no host leads to it",
      instead: "name it in a host's routes, or leave it out",
    }));
}

function backendProblems(
  key: string,
  backend: CloudRunBackend | BucketBackend,
  { name, googleBeta }: LoadBalancerProps,
): PropProblem[] {
  const found = [
    ...problemAt([], nameProblem(`${name}-${key}-${HASH}`)),
    ...headerProblems(backend.responseHeaders ?? {}),
  ];
  if (isBucket(backend)) return [...found, ...bucketProblems(backend)];
  const { iap, securityPolicy, logSampleRate = 1 } = backend;
  if ("none" in securityPolicy) {
    if (securityPolicy.none.trim() === "")
      found.push({
        prop: ["securityPolicy", "none"],
        problem: "is empty",
        instead: "give the reason, such as who may get through",
      });
  } else if (securityPolicy.isEdge)
    found.push({
      prop: ["securityPolicy"],
      problem: "is a policy of the edge, which buckets alone take",
      instead: "give one without edge",
    });
  if (!(logSampleRate >= 0 && logSampleRate <= 1))
    found.push({
      prop: ["logSampleRate"],
      problem: `is ${logSampleRate}`,
      instead: "give a share from 0 to 1",
    });
  if (!iap) return found;
  if (!googleBeta)
    found.push({
      prop: ["iap"],
      problem: "needs a service agent that google-beta alone can create",
      instead: "give the load balancer googleBeta",
    });
  const members = Object.entries(iap.members);
  if (members.length === 0)
    found.push({
      prop: ["iap", "members"],
      problem: "is empty, so nobody gets through",
      instead: "name one",
    });
  for (const [member, principal] of members)
    if (/^all(Authenticated)?Users$/.test(principal))
      found.push({
        prop: ["iap", "members", member],
        problem: `is ${principal}, everybody`,
        instead: "name people or a group, or leave iap out",
      });
  return found;
}

function bucketProblems(backend: BucketBackend): PropProblem[] {
  const { bucket, edgePolicy, cdn } = backend;
  const found: PropProblem[] = [];
  if (!bucket.isPublic)
    found.push({
      prop: ["bucket"],
      problem: "is private, so everybody would get 403",
      instead: "give one with publicRead",
    });
  // IAP and Cloud CDN exclude each other, and a bucket knows neither IAP nor a policy behind the cache.
  for (const prop of ["service", "iap", "securityPolicy"])
    if (prop in backend)
      found.push({
        prop: [prop],
        problem: "is given for a bucket",
        instead: "leave it out, as it is for Cloud Run services",
      });
  if (edgePolicy && !edgePolicy.isEdge)
    found.push({
      prop: ["edgePolicy"],
      problem: "acts before a backend service, and a bucket has none",
      instead: "give one with edge",
    });
  return [...found, ...problemsIn(["cdn"], cdn ? cdnProblems(cdn) : [])];
}

/** Which times Cloud CDN takes with which mode. */
const TIMES = {
  CACHE_ALL_STATIC: ["defaultTtl", "maxTtl", "clientTtl"],
  FORCE_CACHE_ALL: ["defaultTtl", "clientTtl"],
  USE_ORIGIN_HEADERS: [],
} as const;

function cdnProblems(cdn: CdnSettings): PropProblem[] {
  const { cacheMode = "CACHE_ALL_STATIC", defaultTtl = 3600, maxTtl = 86_400, clientTtl = 3600 } = cdn;
  const found: PropProblem[] = [];
  const taken: readonly string[] = TIMES[cacheMode];
  for (const prop of ["defaultTtl", "maxTtl", "clientTtl"] as const) {
    if (cdn[prop] === undefined) continue;
    if (!taken.includes(prop))
      found.push({
        prop: [prop],
        problem: `is given for ${cacheMode}`,
        instead: "leave it out, or take another cacheMode",
      });
    found.push(...wholeNumber([prop], cdn[prop], { from: 0, to: YEAR, unit: "seconds" }));
  }
  if (cacheMode === "CACHE_ALL_STATIC")
    for (const [prop, value] of Object.entries({ defaultTtl, clientTtl }))
      if (value > maxTtl)
        found.push({
          prop: [prop],
          problem: `is ${value}, longer than maxTtl, ${maxTtl}`,
          instead: "give both, the longer as maxTtl",
        });
  return [
    ...found,
    ...wholeNumber(["serveWhileStale"], cdn.serveWhileStale, {
      from: 0,
      to: 604_800,
      unit: "seconds",
      optional: true,
    }),
  ];
}

function headerProblems(headers: Readonly<Record<string, string>>): PropProblem[] {
  return Object.entries(headers).flatMap(([header, value]) => {
    const prop = ["responseHeaders", header];
    if (!/^[A-Za-z0-9-]+$/.test(header) || /[\r\n]/.test(value) || value === "")
      return [
        {
          prop,
          problem: `is no header: "${header}: ${value}"`,
          instead: "give a name of letters, digits and -, and a value in one line",
        },
      ];
    if (!OWN_HEADERS.includes(header.toLowerCase())) return [];
    return [
      { prop, problem: "is one that the load balancer sets", instead: "leave it out, as hsts says its own" },
    ];
  });
}

const OWN_HEADERS = ["strict-transport-security", "x-content-type-options"];

function hostProblems(host: string, routes: HostRoutes, props: LoadBalancerProps): PropProblem[] {
  const found: PropProblem[] = [];
  if (!/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(host))
    found.push({
      prop: [],
      problem: `"${host}" is no host`,
      instead: 'give one such as "api.example.com" or "*.example.com"',
    });
  else {
    found.push(...problemAt([], nameProblem(slug(host))));
    const domains = Object.keys(props.certificate.certificateIds);
    if (!domains.includes(host) && !domains.includes(host.replace(/^[^.]+/, "*")))
      found.push({
        prop: [],
        problem: "has no certificate, so every TLS handshake would fail",
        instead: `add it to the certificate's domains, which are ${domains.join(", ")}`,
      });
  }
  const seen = new Set<string>();
  for (const [index, { paths, backend, rewrite }] of (routes.routes ?? []).entries()) {
    const at = ["routes", index];
    if (paths.length === 0)
      found.push({ prop: [...at, "paths"], problem: "is empty", instead: "name one at least" });
    for (const [place, path] of paths.entries()) {
      const prop = [...at, "paths", place];
      if (!/^\/([^*?#\s]*|[^*?#\s]*\/\*|\*)$/.test(path))
        found.push({
          prop,
          problem: `is "${path}"`,
          instead: 'give a path such as "/health", or "/api/*" for all below it',
        });
      if (seen.has(path))
        found.push({ prop, problem: `is "${path}", which is there already`, instead: "name it once" });
      seen.add(path);
    }
    found.push(...keyProblems([...at, "backend"], backend, props));
    if (rewrite !== undefined && !/^\/[^*?#\s]*$/.test(rewrite))
      found.push({
        prop: [...at, "rewrite"],
        problem: `is "${rewrite}"`,
        instead: 'give what the path begins with instead, such as "/"',
      });
  }
  return [...found, ...defaultProblems(["defaultBackend"], routes.defaultBackend, props)];
}

function keyProblems(prop: PropProblem["prop"], key: string, { backends }: LoadBalancerProps): PropProblem[] {
  if (Object.hasOwn(backends, key)) return [];
  const keys = Object.keys(backends).join(", ");
  return [{ prop, problem: `is "${key}", which is no backend`, instead: `give one of ${keys}` }];
}

function defaultProblems(
  prop: PropProblem["prop"],
  key: string | undefined,
  props: LoadBalancerProps,
): PropProblem[] {
  if (key !== undefined) return keyProblems(prop, key, props);
  if (Object.values(props.backends).some((backend) => !isBucket(backend))) return [];
  return [
    {
      prop,
      problem: "is missing, and with buckets alone a load balancer cannot refuse by itself",
      instead: "name a bucket, which answers 404 for what it does not have",
    },
  ];
}

function hstsProblems({ hsts }: LoadBalancerProps): PropProblem[] {
  if (!hsts) return [];
  const found = wholeNumber(["hsts", "maxAgeSeconds"], hsts.maxAgeSeconds, { from: 300, unit: "seconds" });
  if (hsts.preload && !(hsts.includeSubdomains && hsts.maxAgeSeconds >= YEAR))
    found.push({
      prop: ["hsts", "preload"],
      problem: "is on, and browsers' lists take a year with all subdomains alone",
      instead: `set includeSubdomains and a maxAgeSeconds of ${YEAR}`,
    });
  return found;
}
