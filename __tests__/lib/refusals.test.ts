import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BigtableInstance } from "@cdktf/provider-google/lib/bigtable-instance";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { DataGoogleClientConfig } from "@cdktf/provider-google/lib/data-google-client-config";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { CloudflareCdn, type CloudflareCdnProps } from "../../lib/cloudflare/cdn";
import type { CacheRule, FirewallRule, RateLimit } from "../../lib/cloudflare/cdn/rules";
import { CloudflareDns, type CloudflareDnsProps } from "../../lib/cloudflare/dns";
import type { Stack } from "../../lib/core/stack";
import { SharedRoles, type SharedRolesProps } from "../../lib/environments/shared-roles";
import { ArtifactRegistry, type ArtifactRegistryProps } from "../../lib/google/artifact-registry";
import { AuditLogging, type AuditLoggingProps } from "../../lib/google/audit-logging";
import { BinaryAuthorization, type BinaryAuthorizationProps } from "../../lib/google/binary-authorization";
import { Budget, type BudgetProps } from "../../lib/google/budget";
import { Certificate, type CertificateProps } from "../../lib/google/certificate";
import { CloudArmorPolicy, type CloudArmorPolicyProps } from "../../lib/google/cloud-armor";
import { CloudRunJob } from "../../lib/google/cloud-run/job";
import type {
  CloudRunJobProps,
  CloudRunServiceProps,
  CloudRunWorkerPoolProps,
} from "../../lib/google/cloud-run/props";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { CloudRunWorkerPool } from "../../lib/google/cloud-run/worker-pool";
import { CloudSql, type CloudSqlProps } from "../../lib/google/cloud-sql";
import { GithubFederation, type GithubFederationProps } from "../../lib/google/github-federation";
import { GkeCluster, type GkeClusterProps } from "../../lib/google/gke-cluster";
import { KmsKeys, type KmsKeysProps } from "../../lib/google/kms";
import { LogSink, type LogSinkProps } from "../../lib/google/log-sink";
import { type Alert, Monitoring, type MonitoringProps, type UptimeCheck } from "../../lib/google/monitoring";
import {
  databaseConnections,
  databaseDisk,
  loadBalancerErrors,
  loadBalancerLatency,
  metricThreshold,
  ratioAbove,
} from "../../lib/google/monitoring/alerts";
import { Networking, type NetworkingProps } from "../../lib/google/networking";
import { ProjectServices, type ProjectServicesProps } from "../../lib/google/project-services";
import { billingProvider } from "../../lib/google/providers";
import { ScalingSchedule, type ScalingScheduleProps } from "../../lib/google/schedule/scaling-schedule";
import { Schedule, type ScheduleProps } from "../../lib/google/schedule/schedule";
import { Secrets, type SecretsProps } from "../../lib/google/secret-manager";
import { Chart } from "../../lib/kubernetes/chart";
import { GuardedNamespace, type GuardedNamespaceProps } from "../../lib/kubernetes/guarded-namespace";
import { ApplicationRelease, type ApplicationReleaseProps } from "../../lib/kubernetes/release";
import { RUN, SERVICE } from "../support/cloud-run";
import { DataResource } from "../support/data-resource";
import { synthesize } from "../support/synth";

/** Every line of a refusal: `<construct path>: <prop>: <what is wrong>: <what to do instead>`. */
const FORM =
  /^(test\/[\w./-]+|alert condition "[^"]+"): [a-z]\w*(\.\w+|\[\d+\]|\["[^"]+"\])*: \S.*: (add|begin|declare|drop|end|give|leave|make|name|order|raise|rename|set|start|switch|take|use|write) .*[^.]$/;

const expected: string[] = [];

/** What a construct refuses: in words, changes of props that it takes, and the lines of its error without the path. */
type Refusal<Props> = readonly [what: string, changes: Partial<Props>, ...lines: readonly string[]];

function refuses<Props>(
  name: string,
  make: (stack: Stack, changes: Partial<Props>) => unknown,
  refusals: readonly Refusal<Props>[],
): void {
  describe(`${name} refuses`, () => {
    test.each(refusals.map(([what, changes, ...lines]) => ({ what, changes, lines })))(
      "$what",
      ({ changes, lines }) => {
        const all = lines.map((line) => `test/it: ${line}`);
        for (const line of all) expect(line).toMatch(FORM);
        const error = messageOf(() => synthesize((stack) => make(stack, changes)));
        expect(error.split("\n")).toEqual(all);
      },
    );
    expected.push(...refusals.flatMap(([, , ...lines]) => lines));
  });
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
}

const NAME_RULE = (most: number) =>
  `use at most ${most} lower-case letters, digits and -, first a letter, last no -`;
const RANGE_RULE = 'is not an IPv4 range: give one such as "10.0.0.0/16" or "203.0.113.7/32"';

// Cloudflare

const cacheRule = (rule: Partial<CacheRule> = {}): CacheRule => ({
  ref: "assets",
  description: "Assets",
  expression: 'starts_with(http.request.uri.path, "/assets/")',
  cache: "respect-origin",
  ...rule,
});
const rateLimit = (rule: Partial<RateLimit> = {}): RateLimit => ({
  ref: "api",
  description: "Floods from one address",
  expression: "true",
  requests: 1000,
  period: 60,
  blockFor: 600,
  ...rule,
});
const firewallRule = (ref: string): FirewallRule => ({
  ref,
  description: "No admin",
  expression: "true",
  action: "block",
});
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

refuses<CloudflareCdnProps>(
  "CloudflareCdn",
  (stack, changes) =>
    new CloudflareCdn(stack, "it", {
      zoneId: "zone-id",
      plan: "pro",
      cacheRules: [],
      sessionCookies: ["session"],
      ...changes,
    }),
  [
    [
      "a time shorter than the plan's",
      { cacheRules: [cacheRule({ cache: { edgeTtl: 5 } })] },
      'cacheRules[0].cache.edgeTtl: is 5, where plan pro allows whole seconds from 3600: take "respect-origin" and let the origin send Cache-Control, which may be shorter',
    ],
    [
      "bad rules, all at once",
      {
        sessionCookies: ['sid"'],
        cacheRules: [
          cacheRule({ ref: "Assets" }),
          cacheRule({ ref: "same", expression: " " }),
          cacheRule({ ref: "same", expression: 'http.request.uri.path matches "^/x"' }),
          cacheRule({ ref: "bypass-everything" }),
        ],
      },
      'cacheRules[0].ref: is "Assets": give a-z, 0-9, - and _, such as "static-assets"',
      'cacheRules[1].expression: is empty: give one, or "true" for every request',
      'cacheRules[2].ref: is "same", which another rule has: give each rule its own',
      "cacheRules[2].expression: has a regular expression, which needs plan business: use wildcard or starts_with()",
      'cacheRules[3].ref: is "bypass-everything", which another rule has: give each rule its own',
      'sessionCookies[0]: is "sid\\"", which is no cookie name: give one as in Set-Cookie, such as "session"',
    ],
    [
      "what another plan has",
      {
        settings: { ssl: "origin_pull", proxy_read_timeout: 600, max_upload: 200 },
        managedRules: { owasp: "log", except: "cf.waf.score lt 1" },
        rateLimits: [
          rateLimit({
            expression: 'http.request.method eq "POST"',
            countBy: ["ip.src", "cf.unique_visitor_id"],
          }),
        ],
      },
      'rateLimits[0].countBy: has both "ip.src" and "cf.unique_visitor_id": give one of them',
      "rateLimits[0].expression: asks for http.request.method: use http.request.uri.path, cf.client.bot, http.host, http.request.uri, http.request.full_uri, http.request.uri.query, as plan pro allows",
      'rateLimits[0].countBy[1]: is "cf.unique_visitor_id": use ip.src, as plan pro allows',
      "managedRules.except: asks for cf.waf.score, which needs plan enterprise: use something else, or take that plan",
      'managedRules.owasp: is "log", which needs plan enterprise: give "default", "block", "managed_challenge" or "off"',
      'settings.ssl: is "origin_pull", which needs plan enterprise: leave it out on plan pro',
      "settings.proxy_read_timeout: is given, which needs plan enterprise: leave it out on plan pro",
      "settings.max_upload: is 200: give 100 MB or less, as plan pro allows",
    ],
    [
      "more cache rules than the plan has room for beside the construct's own",
      { cacheRules: times(24, (index) => cacheRule({ ref: `rule-${index}` })) },
      "cacheRules: has 24 rules, of which plan pro allows 23: leave some out, or take a larger plan",
    ],
    [
      "more rate limits than the plan has",
      { rateLimits: ["a", "b", "c"].map((ref) => rateLimit({ ref })) },
      "rateLimits: has 3 rules, of which plan pro allows 2: leave some out, or take a larger plan",
    ],
    [
      "more firewall rules than the plan has",
      { firewallRules: times(21, (index) => firewallRule(`rule-${index}`)) },
      "firewallRules: has 21 rules, of which plan pro allows 20: leave some out, or take a larger plan",
    ],
    ...([300, 25] as const).map(
      (period): Refusal<CloudflareCdnProps> => [
        `a period of ${period} seconds`,
        { rateLimits: [rateLimit({ period })] },
        `rateLimits[0].period: is ${period}: give one of 10, 15, 20, 30, 40, 45, 60 seconds, as plan pro allows`,
      ],
    ),
    [
      "to block for a time that the plan has not, or for none",
      { rateLimits: [rateLimit({ blockFor: 86_400 }), rateLimit({ ref: "b", blockFor: undefined })] },
      "rateLimits[0].blockFor: is 86400: give one of 10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600 seconds, as plan pro allows",
      "rateLimits[1].blockFor: is missing: give one of 10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600 seconds, as plan pro allows",
    ],
    [
      "a challenge with a time, and no requests",
      { rateLimits: [rateLimit({ action: "managed_challenge", requests: 0 })] },
      "rateLimits[0].requests: is 0: give a whole number from 1",
      "rateLimits[0].blockFor: is given for a challenge, which every request over the limit meets: leave it out",
    ],
    [
      "to count by what the plan has not, or by nothing",
      { rateLimits: [rateLimit({ countBy: ["http.host"] }), rateLimit({ ref: "b", countBy: [] })] },
      'rateLimits[0].countBy[0]: is "http.host": use ip.src, as plan pro allows',
      'rateLimits[1].countBy: is empty: leave it out for ["ip.src"]',
    ],
    [
      "managed rules on a free plan",
      { plan: "free", managedRules: { owasp: "block" } },
      "managedRules: is given, and plan free has none: leave it out, or take plan pro",
    ],
    [
      "an empty exception",
      { managedRules: { except: "" } },
      "managedRules.except: is empty: give an expression, or leave it out",
    ],
  ],
);

refuses<CloudflareDnsProps>(
  "CloudflareDns",
  (stack, changes) =>
    new CloudflareDns(stack, "it", { zoneId: "zone-id", zoneName: "example.com", records: {}, ...changes }),
  [
    [
      "names that repeat the zone, or are none",
      {
        records: {
          x: { name: "api.example.com", type: "A", content: "203.0.113.7" },
          y: { name: "example.com", type: "A", content: "203.0.113.7" },
          "API.": { type: "A", content: "203.0.113.7" },
        },
      },
      'records.x.name: "api.example.com" repeats the zone: give the name below it, "api"',
      'records.y.name: "example.com" repeats the zone: give the name below it, "@"',
      'records["API."]: "API." is no record name: give labels of a-z, 0-9, - and _, such as "api" or "*.staging", or "@"',
    ],
    [
      "contents that their types do not take",
      {
        records: {
          a: { type: "A", content: "host.example.com" },
          b: { type: "AAAA", content: "203.0.113.7" },
          c: { type: "CNAME", content: "example.com." },
          d: { type: "CNAME", content: "www" },
          e: { type: "TXT", content: "" },
        },
      },
      'records.a.content: is "host.example.com": give an IPv4 address',
      'records.b.content: is "203.0.113.7": give an IPv6 address',
      'records.c.content: is "example.com.": give a full host name without a dot at the end',
      'records.d.content: is "www": give a full host name without a dot at the end',
      'records.e.content: is "": give some text',
    ],
    [
      "a proxied name for which there is no certificate",
      { records: { alice: { name: "alice.staging", type: "A", content: "203.0.113.7", proxied: true } } },
      'records.alice.proxied: is on for "alice.staging", more than one level below the zone, where Cloudflare has no certificate: switch it off, or order an advanced certificate and set advancedCertificate',
    ],
    [
      "a CNAME beside another record of its name",
      {
        records: {
          a: { name: "www", type: "A", content: "203.0.113.7" },
          b: { name: "www", type: "CNAME", content: "example.com" },
        },
      },
      'records.b: is a CNAME, and "www" has another record: leave one of them out, as DNS allows a CNAME alone',
    ],
    [
      "what does not go with a type or the proxy",
      {
        records: {
          text: { type: "TXT", content: "x", proxied: true },
          fast: { type: "A", content: "203.0.113.7", ttl: 5 },
          both: { type: "A", content: "203.0.113.7", proxied: true, ttl: 60 },
          mail: { type: "MX", content: "mx.example.net" },
          host: { type: "A", content: "203.0.113.7", priority: 1 },
        },
      },
      "records.text.proxied: is on for type TXT: switch it off, as only A, AAAA and CNAME can be",
      "records.fast.ttl: is 5: give 60 to 86400 seconds, or leave it out for automatic",
      "records.both.ttl: is given for a proxied record: leave it out, as Cloudflare sets it",
      "records.mail.priority: is missing for type MX: give one, such as 10",
      "records.host.priority: is given for type A: leave it out, as MX records alone have one",
    ],
  ],
);

// Google

refuses<ArtifactRegistryProps>(
  "ArtifactRegistry",
  (stack, changes) =>
    new ArtifactRegistry(stack, "it", {
      projectId: "project",
      region: "us-central1",
      name: "images",
      deletionProtection: false,
      ...changes,
    }),
  [
    [
      "a policy that counts versions and selects them too, or deletes what it counts",
      {
        cleanupPolicies: {
          p: { action: "DELETE", keepCount: 3 },
          q: { action: "KEEP", keepCount: 3, tagState: "TAGGED" },
        },
      },
      'cleanupPolicies.p.keepCount: goes with action "KEEP" and nothing else: make two policies of it',
      'cleanupPolicies.q.keepCount: goes with action "KEEP" and nothing else: make two policies of it',
    ],
    [
      "tag prefixes for versions that may have no tag",
      { cleanupPolicies: { p: { action: "KEEP", tagPrefixes: ["v"] } } },
      'cleanupPolicies.p.tagPrefixes: goes with tagState "TAGGED", and not with "ANY": set tagState',
    ],
  ],
);

refuses<AuditLoggingProps>(
  "AuditLogging",
  (stack, changes) => new AuditLogging(stack, "it", { projectId: "project", services: {}, ...changes }),
  [
    ["no service", {}, "services: is empty: name one at least"],
    [
      "services, log types and members that are none",
      {
        services: {
          secretmanager: { DATA_READ: {} },
          "storage.googleapis.com": {},
          allServices: { DATA_READ: { exemptedMembers: ["metrics@example.com"] } },
        },
      },
      'services.secretmanager: "secretmanager" is no service: give one such as "storage.googleapis.com", or "allServices"',
      'services["storage.googleapis.com"]: has no log type: give ADMIN_READ, DATA_READ or DATA_WRITE',
      'services.allServices.DATA_READ.exemptedMembers[0]: is "metrics@example.com": give an IAM member such as "serviceAccount:…"',
    ],
  ],
);

refuses<BinaryAuthorizationProps>(
  "BinaryAuthorization",
  (stack, changes) => new BinaryAuthorization(stack, "it", { projectId: "shop", images: [], ...changes }),
  [
    ["no image at all", {}, "images: is empty, which refuses every image: name the registry"],
    ...[
      "*",
      "docker.io/*",
      "registry.example/**",
      "registry.example/*/app",
      "registry.example",
      "nginx:1.29",
    ].map(
      (image): Refusal<BinaryAuthorizationProps> => [
        `${image}, which is no place of images`,
        { images: ["registry.example/shop/*", image] },
        `images[1]: is "${image}": give a registry and a path, with a * at the end alone, such as "registry.example/shop/*"`,
      ],
    ),
  ],
);

refuses<BudgetProps>(
  "Budget",
  (stack, changes) =>
    new Budget(stack, "it", {
      provider: billingProvider(stack, { projectId: "project", region: "us-central1" }),
      projectId: "project",
      billingAccount: "012345-567890-ABCDEF",
      displayName: "Project",
      amount: 500,
      ...changes,
    }),
  [
    [
      "what the billing API would",
      {
        billingAccount: "mine",
        amount: 0.5,
        thresholds: [{ share: 1 }, { share: 0 }],
        channels: times(6, (index) => `projects/p/notificationChannels/${index}`),
      },
      'billingAccount: is "mine": give one such as "012345-567890-ABCDEF"',
      "amount: is 0.5: give a whole number from 1",
      "thresholds[1].share: is 0: give a share above 0, such as 0.9",
      "channels: has 6 entries, of which a budget takes 5: leave some out",
    ],
    ["no threshold", { thresholds: [] }, "thresholds: is empty, so nobody would be told: name one at least"],
    [
      "to tell nobody",
      { disableDefaultRecipients: true },
      "disableDefaultRecipients: is on, so nobody would be told: give channels or pubsubTopic",
    ],
  ],
);

refuses<CertificateProps>(
  "Certificate",
  (stack, changes) =>
    new Certificate(stack, "it", {
      projectId: "project",
      name: "web",
      domains: [],
      dns: new CloudflareDns(stack, "dns", { zoneId: "zone-id", zoneName: "example.com", records: {} }),
      ...changes,
    }),
  [
    ["no domain", {}, "domains: is empty: name one at least"],
    [
      "domains of elsewhere, twice, and none",
      { domains: ["example.org", "example.com", "example.com", "a.*.example.com", "notexample.com"] },
      'domains[0]: is "example.org", outside of the zone in which its proof of control would be published: give a domain of example.com',
      'domains[2]: is "example.com", which is there already: name it once',
      'domains[3]: is "a.*.example.com", which is no domain: give one such as "example.com" or "*.example.com"',
      'domains[4]: is "notexample.com", outside of the zone in which its proof of control would be published: give a domain of example.com',
    ],
    [
      "a domain that makes too long a name",
      { domains: [`${"x".repeat(60)}.example.com`] },
      `domains[0]: "web-${"x".repeat(60)}-example-com" is not a valid name: ${NAME_RULE(63)}`,
    ],
  ],
);

const gitLimit = { path: "/git/", description: "Clones", requests: 600 };

refuses<CloudArmorPolicyProps>(
  "CloudArmorPolicy",
  (stack, changes) => new CloudArmorPolicy(stack, "it", { projectId: "shop", name: "web", ...changes }),
  [
    ["a name that Google would", { name: "Web" }, `name: "Web" is not a valid name: ${NAME_RULE(63)}`],
    [
      "limits by a header that anybody may send",
      { rateLimits: { clientAddressHeader: "CF-Connecting-IP", paths: [gitLimit] } },
      "rateLimits: counts by a header that anybody may send: give allowedRanges, so that only the CDN does",
    ],
    [
      "bad limits, all at once",
      {
        allowedRanges: ["192.0.2.0/24"],
        rateLimits: {
          clientAddressHeader: "X-Forwarded-For",
          paths: [
            gitLimit,
            { ...gitLimit, path: "/git/alice/" },
            { ...gitLimit, path: "/hooks/*", requests: 0, seconds: 86_400 },
            { ...gitLimit, path: "/hooks/*", requests: 1 },
          ],
        },
      },
      'rateLimits.clientAddressHeader: is "X-Forwarded-For", whose first address a client writes: give one that the CDN overwrites, such as "CF-Connecting-IP"',
      'rateLimits.paths[1].path: is "/git/alice/", which begins with "/git/" that has a limit of its own: give one of them',
      'rateLimits.paths[2].path: is "/hooks/*": give a path prefix in small letters, such as "/api/webhooks/"',
      "rateLimits.paths[2].requests: is 0: give a whole number from 1 to 1000000",
      "rateLimits.paths[2].seconds: is 86400: give one of 10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600",
      'rateLimits.paths[3].path: is "/hooks/*": give a path prefix in small letters, such as "/api/webhooks/"',
      'rateLimits.paths[3].path: is "/hooks/*", which begins with "/hooks/*" that has a limit of its own: give one of them',
    ],
    [
      "a header without a name",
      {
        allowedRanges: ["192.0.2.0/24"],
        rateLimits: { clientAddressHeader: "", paths: [gitLimit] },
      },
      'rateLimits.clientAddressHeader: is "": give a header\'s name, such as "CF-Connecting-IP"',
    ],
  ],
);

const backup = { retained: 7, pointInTimeRecovery: true };
const INSTANCE_NAME =
  "is no instance name: start with a letter, use a-z, 0-9 and -, and no more than 98 characters with the project and a colon";
const TIERS = "use db-f1-micro, db-g1-small, db-custom-<vCPU>-<MiB> or db-perf-optimized-N-<vCPU>";

const subnet = (cidr: string, region = "us-central1") => ({
  network: { networkId: "n" },
  subnet: { id: "s", cidr, region },
});
const DIGEST_RULE = "give it by digest, …@sha256:…, or { registry, name, tag } to look the digest up";

refuses<CloudRunJobProps>(
  "CloudRunJob",
  (stack, changes) => new CloudRunJob(stack, "it", { ...RUN, ...changes }),
  [
    [
      "numbers of tasks, attempts and seconds that Cloud Run does not take",
      { tasks: 2, parallelism: 3, maxRetries: 11, timeoutSeconds: 604_801 },
      "parallelism: is 3: give a whole number from 1 to 2",
      "maxRetries: is 11: give a whole number from 0 to 10",
      "timeoutSeconds: is 604801: give a whole number from 1 to 604800",
    ],
    ["more tasks than there are", { tasks: 10_001 }, "tasks: is 10001: give a whole number from 1 to 10000"],
  ],
);

refuses<CloudRunServiceProps>(
  "CloudRunService",
  (stack, changes) => new CloudRunService(stack, "it", { ...SERVICE, ...changes }),
  [
    [
      "a name that leaves no room for a hash, and an image that may change",
      { name: "a".repeat(50), image: "registry.example/shop/api:main" },
      `name: "${"a".repeat(50)}" is not a valid name: ${NAME_RULE(49)}`,
      `image: is "registry.example/shop/api:main", which may be another image tomorrow: ${DIGEST_RULE}`,
    ],
    [
      "a tag that is none",
      {
        image: {
          registry: { projectId: "p", location: "us-central1", repositoryId: "shop" },
          name: "api",
          tag: "@main",
        },
      },
      'image.tag: is "@main": give a tag, such as "main"',
    ],
    [
      "secrets in plain variables, and variables that are none, are Cloud Run's, or are there twice",
      {
        env: {
          "LOG-LEVEL": "INFO",
          PORT: "8080",
          JWT_SECRET: "x",
          PGPASSWORD: "x",
          CACHE_URL: "redis://shop@10.3.0.4:6379",
          TWICE: "x",
          PUBLIC_KEY: "not one",
          MONKEY: "not one",
          HOME_URL: "https://shop.example/@alice",
        },
        secrets: {
          TWICE: { secretId: "twice", version: 1 },
          K_SERVICE: { secretId: "projects/p/secrets/x", version: 0.5 },
        },
      },
      'env["LOG-LEVEL"]: "LOG-LEVEL" is no name of a variable: use letters, digits and _, and begin with no digit',
      "env.PORT: is set by Cloud Run: leave it out",
      "secrets.K_SERVICE: is set by Cloud Run: leave it out",
      "env.JWT_SECRET: is a secret, by its name or by a user in its URL: give it in secrets, by secret and version",
      "env.PGPASSWORD: is a secret, by its name or by a user in its URL: give it in secrets, by secret and version",
      "env.CACHE_URL: is a secret, by its name or by a user in its URL: give it in secrets, by secret and version",
      "env.TWICE: is one of the secrets, too: drop one of them",
      'secrets.K_SERVICE.secretId: "projects/p/secrets/x" is not a secret id: use up to 255 letters, digits, - and _',
      "secrets.K_SERVICE.version: is 0.5: give a whole number from 1",
    ],
    [
      "numbers out of bounds",
      {
        port: 0,
        concurrency: 1001,
        timeoutSeconds: 86_400,
        maxInstances: 0,
        minInstances: 1,
        cpu: 3 as never,
      },
      "cpu: is 3: give 1, 2, 4, 6 or 8",
      "port: is 0: give a whole number from 1 to 65535",
      "concurrency: is 1001: give a whole number from 1 to 1000",
      "timeoutSeconds: is 86400: give a whole number from 1 to 3600",
      "maxInstances: is 0: give a whole number from 1",
      "minInstances: is 1: give a whole number from 1 to 0",
    ],
    [
      "a least number that is nothing",
      { minInstances: 0 },
      "minInstances: is 0: give a whole number from 1 to 10",
    ],
    ...(
      [
        [1, "512MB", 'is "512MB": give whole Mi or Gi, such as "512Mi" or "2Gi"'],
        [1, "much", 'is "much": give whole Mi or Gi, such as "512Mi" or "2Gi"'],
        [1, "256Mi", "is 256Mi: give 512Mi to 32Gi"],
        [8, "64Gi", "is 64Gi: give 512Mi to 32Gi"],
        [1, "5Gi", "is 5Gi, which takes 2 vCPUs: raise cpu, or give less"],
        [4, "20Gi", "is 20Gi, which takes 6 vCPUs: raise cpu, or give less"],
        [4, "1Gi", "is 1Gi, where 4 vCPUs take 2Gi at least: raise it, or give fewer vCPUs"],
      ] as const
    ).map(
      ([cpu, memory, said]): Refusal<CloudRunServiceProps> => [
        `${memory} of memory for ${cpu} vCPUs`,
        { cpu, memory },
        `memory: ${said}`,
      ],
    ),
    [
      "checks that take too long, ask for no path, or are asked by what the port does not speak",
      {
        protocol: "h2c",
        startupProbe: { http: "health", periodSeconds: 100, timeoutSeconds: 101 },
        livenessProbe: { http: "/", delaySeconds: 3601, failureThreshold: 0 },
      },
      "startupProbe.timeoutSeconds: is 101: give a whole number from 1 to 100",
      "livenessProbe.delaySeconds: is 3601: give a whole number from 0 to 3600",
      "livenessProbe.failureThreshold: is 0: give a whole number from 1",
      "startupProbe: takes 300 seconds to fail, 3 times 100: give periodSeconds and failureThreshold that make 240 at most",
      'startupProbe.http: is "health": give a path, such as "/health"',
      "startupProbe.http: is asked by HTTP/1, which a port of protocol h2c does not speak: use grpc or tcp",
      "livenessProbe.http: is asked by HTTP/1, which a port of protocol h2c does not speak: use grpc or tcp",
    ],
    [
      "to ask later whether the port is open",
      { livenessProbe: { tcp: true } as never },
      "livenessProbe.tcp: is no check that Cloud Run makes later than at start: use http or grpc",
    ],
    [
      "a subnet that is too small, and elsewhere",
      { egress: subnet("10.2.0.0/28", "us-east1") },
      "egress.subnet: is 10.2.0.0/28: give one of /26 or larger, of its own",
      "egress.subnet: is in us-east1: give one in us-central1",
    ],
    [
      "a connector and a subnet",
      { egress: { ...subnet("10.2.0.0/26"), connector: "c" } as never },
      "egress: has both a connector and a subnet: give one of the two; the subnet is cheaper",
    ],
    [
      "half a name of a connector",
      { egress: { connector: "run" } },
      'egress.connector: is "run": give its full name, "projects/<project>/locations/<region>/connectors/<name>"',
    ],
    [
      "a database without a way to it",
      { databases: [{ connectionName: "p:r:db" }] },
      "egress: is missing, without which nothing reaches a database's private address: give network and subnet",
    ],
    [
      "to be public for no reason, and behind IAP",
      { public: " ", iap: { googleBeta: {} as GoogleBetaProvider, members: {} } },
      "public: is empty: write why anybody may call it",
      "public: lets anybody past Identity-Aware Proxy: drop one of public and iap",
    ],
    [
      "traffic to what is no hash, and more than all of it",
      { traffic: { stable: "shop-api-0123abcd", canary: { revision: "LATEST", percent: 101 } } },
      'traffic.stable: is "shop-api-0123abcd": give the 8 hexadecimal digits that the output of an apply told',
      'traffic.canary.revision: is "LATEST": give the 8 hexadecimal digits that the output of an apply told',
      "traffic.canary.percent: is 101: give a whole number from 0 to 100",
    ],
  ],
);

refuses<CloudRunWorkerPoolProps>(
  "CloudRunWorkerPool",
  (stack, changes) =>
    new CloudRunWorkerPool(stack, "it", { ...RUN, egress: undefined, instances: 1, ...changes }),
  [
    [
      "no instances, and a connector",
      {
        instances: 0,
        egress: { connector: "projects/p/locations/us-central1/connectors/run" } as never,
      },
      "instances: is 0: give a whole number from 1",
      "egress.connector: is given, and worker pools have none: give network and subnet",
    ],
  ],
);

refuses<CloudSqlProps>(
  "CloudSql",
  (stack, changes) =>
    new CloudSql(stack, "it", {
      projectId: "project",
      region: "us-central1",
      name: "orders",
      network: { networkId: "network", privateServicesConnection: {} as ServiceNetworkingConnection },
      tier: "db-custom-2-8192",
      highAvailability: false,
      diskSizeGb: 10,
      backup: { ...backup, pointInTimeRecovery: false },
      deletionProtection: false,
      ...changes,
    }),
  [
    [
      "a network without private services access",
      { network: { networkId: "projects/p/global/networks/n", privateServicesConnection: undefined } },
      "network: has no private services access, without which there is no private address: give it privateServices",
    ],
    [
      "several mistakes at once",
      { name: "Orders", tier: "huge", diskSizeGb: 1 },
      `name: "Orders" ${INSTANCE_NAME}`,
      `tier: "huge" is no machine type for PostgreSQL: ${TIERS}`,
      "diskSizeGb: is 1: give a whole number from 10 to 65536",
    ],
    [
      "a name too long with its project, and that of its replica",
      { name: "o".repeat(91), replicas: { a: {}, b: { name: "b" } } },
      `name: "${"o".repeat(91)}" ${INSTANCE_NAME}`,
      `replicas.a: "${"o".repeat(91)}-a" ${INSTANCE_NAME}`,
    ],
    ["a bad replica name", { replicas: { a_b: {} } }, `replicas.a_b: "orders-a_b" ${INSTANCE_NAME}`],
    [
      "a replica of an unknown machine type",
      { replicas: { a: { tier: "huge" } } },
      `replicas.a.tier: "huge" is no machine type for PostgreSQL: ${TIERS}`,
    ],
    [
      "a machine type of a number of vCPU that there is not",
      { tier: "db-custom-3-8192" },
      'tier: "db-custom-3-8192" has 3 vCPU: use 1, or an even number up to 96',
    ],
    [
      "a machine type of an amount of memory that there is not",
      { tier: "db-custom-2-8000" },
      'tier: "db-custom-2-8000" has 8000 MiB: use a multiple of 256, at least 3840, and from 0.9 to 6.5 GiB per vCPU',
    ],
    [
      "a limit below the disk's size",
      { diskSizeGb: 50, diskAutoresizeLimitGb: 20 },
      "diskAutoresizeLimitGb: is 20: give a whole number from 50 to 65536",
    ],
    [
      "a limit for a disk that does not grow",
      { diskAutoresize: false, diskAutoresizeLimitGb: 20 },
      "diskAutoresizeLimitGb: limits nothing while diskAutoresize is off: drop one of the two",
    ],
    [
      "no backups",
      { backup: { ...backup, retained: 0 } },
      "backup.retained: is 0: give a whole number from 1 to 365",
    ],
    [
      "logs kept longer than backups",
      { backup: { ...backup, retained: 3, transactionLogRetentionDays: 5 } },
      "backup.transactionLogRetentionDays: is 5: give a whole number from 1 to 3",
    ],
    [
      "logs kept longer than the edition can",
      { backup: { ...backup, retained: 30, transactionLogRetentionDays: 14 } },
      "backup.transactionLogRetentionDays: is 14: give a whole number from 1 to 7",
    ],
    [
      "a start time that is none",
      { backup: { ...backup, startTime: "3am" } },
      'backup.startTime: is "3am": give HH:MM, UTC',
    ],
    [
      "high availability without point-in-time recovery",
      { highAvailability: true },
      "highAvailability: needs backup.pointInTimeRecovery: switch that on",
    ],
    [
      "a maintenance window on no day",
      { maintenanceWindow: { day: 0, hour: 24 } },
      "maintenanceWindow.day: is 0: give a whole number from 1 to 7",
      "maintenanceWindow.hour: is 24: give a whole number from 0 to 23",
    ],
    [
      "query texts longer than Query Insights keeps",
      { queryInsights: { queryStringLength: 9000, plansPerMinute: 100 } },
      "queryInsights.queryStringLength: is 9000: give a whole number from 256 to 4500",
      "queryInsights.plansPerMinute: is 100: give a whole number from 0 to 20",
    ],
    [
      "IAM authentication as a flag, and max_connections that is no number",
      { databaseFlags: { "cloudsql.iam_authentication": "off", max_connections: "many" } },
      "databaseFlags.max_connections: is NaN: give a whole number from 14 to 262143",
      'databaseFlags["cloudsql.iam_authentication"]: is what the prop iamAuthentication sets: use that',
    ],
    [
      "a password version below 1",
      { admin: { name: "a", secretId: "s", passwordVersion: 0 } },
      "admin.passwordVersion: is 0: give a whole number from 1",
    ],
    [
      "a replica that accepts fewer connections than the primary",
      { replicas: { a: { tier: "db-custom-1-3840" } } },
      "replicas.a.tier: db-custom-1-3840 accepts 100 connections, and a replica must as many as the primary, 400: use a larger machine type, or set databaseFlags.max_connections",
    ],
    [
      "an unencrypted replica elsewhere of an encrypted primary",
      { encryptionKey: { id: "key", grants: [] }, replicas: { a: { region: "us-east1" } } },
      "replicas.a.encryptionKey: is missing, and the primary is encrypted: give a key in us-east1",
    ],
  ],
);

refuses<GithubFederationProps>(
  "GithubFederation",
  (stack, changes) =>
    new GithubFederation(stack, "it", {
      projectId: "p",
      projectNumber: "123",
      poolId: "github",
      providerId: "github",
      repository: "owner/name",
      ownerId: "1",
      ...changes,
    }),
  [
    [
      "what is no repository or number",
      { repository: "name", ownerId: "owner", projectNumber: "p" },
      'repository: is "name": write owner/name',
      'ownerId: is "owner": give the owner\'s number',
      'projectNumber: is "p": give the project\'s number',
    ],
  ],
);

const POOL = { machineType: "e2-standard-2", minNodes: 1, maxNodes: 3, diskSizeGb: 50 };
const gvisor = { ...POOL, sandbox: "gvisor" as const };
const NO_NODE =
  "nodePools: has no node without sandbox at all times, for GKE's own pods: give one pool without sandbox minNodes of 1 or more";
const WEEKEND = "FREQ=WEEKLY;BYDAY=SA,SU";
const [START, END] = ["2024-01-01T02:00:00Z", "2024-01-01T09:00:00Z"];
const freeze = { start: "2025-12-20T00:00:00Z", end: "2026-01-02T00:00:00Z" };
const TIME = 'give a time in UTC such as "2024-01-01T02:00:00Z"';

refuses<GkeClusterProps>(
  "GkeCluster",
  (stack, changes) =>
    new GkeCluster(stack, "it", {
      projectId: "shop-test",
      region: "europe-west1",
      name: "shop",
      network: new Networking(stack, "network", {
        projectId: "shop-test",
        region: "europe-west1",
        name: "shop",
        subnets: {
          nodes: { cidr: "10.0.0.0/20", secondaryRanges: { pods: "10.4.0.0/14", services: "10.8.0.0/20" } },
          plain: { cidr: "10.1.0.0/24" },
          far: {
            cidr: "10.2.0.0/24",
            region: "us-east1",
            secondaryRanges: { p: "10.16.0.0/24", s: "10.17.0.0/24" },
          },
        },
      }),
      subnet: "nodes",
      podsRange: "pods",
      servicesRange: "services",
      nodePools: { default: POOL },
      releaseChannel: "REGULAR",
      deletionProtection: false,
      ...changes,
    }),
  [
    [
      "mistakes in all of its parts at once",
      {
        name: "Shop",
        podsRange: "pod",
        nodePools: { default: { ...POOL, minNodes: 5 } },
        controlPlane: { dnsEndpoint: false },
        maintenanceWindow: { start: START, end: "2024-01-01T06:00:00Z", recurrence: WEEKEND },
      },
      `name: "Shop" is not a valid name: ${NAME_RULE(24)}`,
      'podsRange: is "pod", which subnet "nodes" does not have: use one of pods, services',
      "nodePools.default.minNodes: is 5, above maxNodes: give 3 at most, or raise maxNodes",
      "controlPlane: has neither dnsEndpoint nor authorizedNetworks, so nobody reaches the cluster: give one of them",
      `maintenanceWindow.end: makes 4 hours on ${WEEKEND}, which leave GKE 32 hours in the worst 32 days, of the 48 it insists on: make the window 6 hours, or add days`,
    ],
    [
      "a name too long for the service account derived from it",
      { name: "n".repeat(25) },
      `name: "${"n".repeat(25)}" is not a valid name: ${NAME_RULE(24)}`,
    ],
    [
      "an unknown subnet",
      { subnet: "gke" },
      'subnet: is "gke", which the network does not have: use one of nodes, plain, far',
    ],
    [
      "a subnet without the ranges",
      { subnet: "plain" },
      'podsRange: is "pods", which subnet "plain" does not have: give it secondaryRanges',
      'servicesRange: is "services", which subnet "plain" does not have: give it secondaryRanges',
    ],
    [
      "a subnet of another region",
      { subnet: "far", podsRange: "p", servicesRange: "s", nodePools: { default: { ...POOL, maxNodes: 1 } } },
      'subnet: is "far" of us-east1: use one of the cluster\'s region, europe-west1',
    ],
    [
      "one range for both",
      { servicesRange: "pods" },
      "servicesRange: is podsRange: give each a range of its own",
    ],
    [
      "more nodes than the pods' range has room for",
      { nodePools: { default: { ...POOL, maxNodes: 1000 }, other: { ...POOL, maxNodes: 25 } } },
      "podsRange: is 10.4.0.0/14, with a /24 each for 1024 nodes, and the pools may grow to 1025: give a larger range, or the pools fewer nodes",
    ],
    [
      "an empty list of authorized networks",
      { controlPlane: { authorizedNetworks: {} } },
      "controlPlane.authorizedNetworks: is empty: leave it out for a cluster without IP endpoint",
    ],
    [
      "authorized networks that are everybody, or none",
      { controlPlane: { authorizedNetworks: { all: "0.0.0.0/0", office: "YOUR_OFFICE_IP/32" } } },
      'controlPlane.authorizedNetworks.all: "0.0.0.0/0" admits everybody: use the DNS endpoint for that',
      `controlPlane.authorizedNetworks.office: "YOUR_OFFICE_IP/32" ${RANGE_RULE}`,
    ],
    ["no pool", { nodePools: {} }, NO_NODE],
    [
      "sandboxed pools only, and no google-beta for them",
      { nodePools: { sandbox: gvisor } },
      "nodePools.sandbox.sandbox: needs the google-beta provider: give the cluster googleBeta",
      NO_NODE,
    ],
    ["no pool that always has a node", { nodePools: { default: { ...POOL, minNodes: 0 } } }, NO_NODE],
    [
      "a sandboxed pool with Ubuntu",
      {
        nodePools: { default: POOL, sandbox: { ...gvisor, imageType: "UBUNTU_CONTAINERD" } },
        googleBeta: {} as GoogleBetaProvider,
      },
      "nodePools.sandbox.imageType: is UBUNTU_CONTAINERD, on which there is no gVisor: use COS_CONTAINERD",
    ],
    [
      "taints and labels that GKE sets, or the construct",
      {
        nodePools: {
          default: {
            ...POOL,
            taints: [{ key: "sandbox.gke.io/runtime", value: "gvisor", effect: "NO_SCHEDULE" }],
            labels: { "sandbox.gke.io/runtime": "gvisor", pool: "x" },
          },
        },
      },
      'nodePools.default.taints[0].key: "sandbox.gke.io/runtime" is GKE\'s to set, which refuses pools that declare it: use sandbox',
      'nodePools.default.labels["sandbox.gke.io/runtime"]: "sandbox.gke.io/runtime" is GKE\'s to set, which refuses pools that declare it: use sandbox',
      "nodePools.default.labels.pool: is set to the pool's key: leave it out",
    ],
    [
      "a pool that is always empty, and half a node",
      {
        nodePools: {
          default: POOL,
          none: { ...POOL, minNodes: 0, maxNodes: 0 },
          half: { ...POOL, maxNodes: 1.5 },
        },
      },
      "nodePools.none.maxNodes: is 0: give a whole number from 1",
      "nodePools.half.maxNodes: is 1.5: give a whole number from 1",
    ],
    [
      "a disk too small, half a GPU and fewer nodes than none",
      {
        nodePools: {
          default: POOL,
          odd: { ...POOL, minNodes: -1, diskSizeGb: 9, gpus: { type: "nvidia-l4", count: 0.5 } },
        },
      },
      "nodePools.odd.minNodes: is -1: give a whole number from 0",
      "nodePools.odd.diskSizeGb: is 9: give a whole number from 10",
      "nodePools.odd.gpus.count: is 0.5: give a whole number from 1",
    ],
    [
      "an upgrade that cannot start",
      { nodePools: { default: { ...POOL, upgrade: { maxSurge: 0, maxUnavailable: 0 } } } },
      "nodePools.default.upgrade: has 0 for both maxSurge and maxUnavailable, with which no upgrade could start: raise one of them",
    ],
    [
      "a zone of another region",
      { nodePools: { default: { ...POOL, nodeLocations: ["europe-west1-b", "us-east1-b"] } } },
      'nodePools.default.nodeLocations[1]: is "us-east1-b", which is no zone of europe-west1: give one such as europe-west1-b',
    ],
    [
      "a machine type of a size that its series does not have",
      { nodePools: { default: { ...POOL, machineType: "e2-standard-3" } } },
      'nodePools.default.machineType: "e2-standard-3" is no known machine type: use e2-standard with 2, 4, 8, 16 and 32 vCPU, or add what Google has besides to lib/google/machine-types.ts',
    ],
    [
      "a key that makes no pool name",
      { nodePools: { default: POOL, Big: POOL } },
      `nodePools.Big: "Big-pool" is not a valid name: ${NAME_RULE(40)}`,
    ],
    [
      "times that are not in UTC or not in order, and a recurrence that is none",
      {
        maintenanceWindow: {
          start: "2024-01-01T02:00:00+01:00",
          end: END,
          recurrence: "weekends",
          exclusions: {
            freeze: { start: freeze.end, end: freeze.start },
            typo: { start: "2026-13-02T00:00:00Z", end: "2026-12-03T00:00:00Z" },
          },
        },
      },
      `maintenanceWindow.start: is "2024-01-01T02:00:00+01:00": ${TIME}`,
      'maintenanceWindow.recurrence: is "weekends": use FREQ=DAILY, or FREQ=WEEKLY;BYDAY= with days from MO,TU,WE,TH,FR,SA,SU',
      "maintenanceWindow.exclusions.freeze.end: is 2025-12-20T00:00:00Z, not after the start: give a time after 2026-01-02T00:00:00Z",
      `maintenanceWindow.exclusions.typo.start: is "2026-13-02T00:00:00Z": ${TIME}`,
    ],
    [
      "a window longer than a day",
      { maintenanceWindow: { start: START, end: "2024-01-02T03:00:00Z", recurrence: "FREQ=DAILY" } },
      "maintenanceWindow.end: makes a window of 25 hours: end it a day after the start at the latest",
    ],
    [
      "more exclusions of all upgrades than GKE takes",
      {
        maintenanceWindow: {
          start: START,
          end: END,
          recurrence: WEEKEND,
          exclusions: {
            a: freeze,
            b: freeze,
            c: freeze,
            d: { ...freeze, scope: "NO_MINOR_UPGRADES" },
            e: freeze,
          },
        },
      },
      "maintenanceWindow.exclusions: has 4 of all upgrades, of which GKE takes 3: leave some out, or give them a narrower scope",
    ],
  ],
);

refuses<KmsKeysProps>(
  "KmsKeys",
  (stack, changes) =>
    new KmsKeys(stack, "it", { projectId: "p", location: "global", name: "ring", keys: {}, ...changes }),
  [
    [
      "a rotation that is no number of days",
      { keys: { sql: { rotationDays: 0 } } },
      "keys.sql.rotationDays: is 0: give a whole number of days from 1",
    ],
    [
      "a user with the name of a service agent of the same key, and service agents without google-beta",
      {
        keys: {
          sql: { serviceAgents: ["sqladmin.googleapis.com"], users: { sqladmin: "user:a@b.com" } },
          state: { serviceAgents: ["storage.googleapis.com"] },
        },
      },
      "keys.sql.serviceAgents: names some that a provider has to create: give googleBeta",
      "keys.sql.users.sqladmin: has the name of a service agent: give it another",
    ],
  ],
);

refuses<LogSinkProps>(
  "LogSink",
  (stack, changes) =>
    new LogSink(stack, "it", {
      projectId: "project",
      name: "audit",
      filter: "severity>=ERROR",
      destination: "pubsub.googleapis.com/projects/p/topics/t",
      ...changes,
    }),
  [
    [
      "everything, to nowhere",
      { filter: " ", destination: "projects/project/datasets/audit_logs" },
      'filter: is empty, which exports everything: name what to keep, such as logName:"cloudaudit.googleapis.com"',
      'destination: is "projects/project/datasets/audit_logs": start it with the service, such as "bigquery.googleapis.com/projects/…"',
    ],
    ...[0, 1.5, 36_501].map(
      (retentionDays): Refusal<LogSinkProps> => [
        `a retention of ${retentionDays} days`,
        { destination: { bucketName: "b", location: "US", deletionProtection: false, retentionDays } },
        `destination.retentionDays: is ${retentionDays}: give a whole number of days from 1 to 36500`,
      ],
    ),
  ],
);

const alert = (props: Partial<Alert> = {}): Alert => ({
  displayName: "Too many errors",
  conditions: [loadBalancerErrors({ above: 0.05 })],
  channels: ["pager"],
  documentation: "Requests fail.",
  runbook: "https://example.com/runbooks/errors",
  ...props,
});
const check = (props: Partial<UptimeCheck> = {}): UptimeCheck => ({
  displayName: "API health",
  host: "api.example.com",
  channels: ["pager"],
  documentation: "Nobody can reach the API.",
  runbook: "https://example.com/runbooks/down",
  ...props,
});

refuses<MonitoringProps>(
  "Monitoring",
  (stack, changes) =>
    new Monitoring(stack, "it", {
      projectId: "project",
      emailChannels: { team: "team@example.com" },
      existingChannels: { pager: { type: "pagerduty", displayName: "On call" } },
      ...changes,
    }),
  [
    [
      "alerts that nobody would hear of, or nobody could act on",
      {
        alerts: {
          silent: alert({ channels: [] }),
          lost: alert({ channels: ["slack"], runbook: "runbooks/errors.md" }),
          empty: alert({ conditions: [] }),
          hasty: alert({ duration: 90, autoClose: 60 }),
        },
      },
      "alerts.silent.channels: is empty, so nobody is told: name one channel at least",
      'alerts.lost.channels[0]: is "slack", which is no channel here: use team, pager',
      'alerts.lost.runbook: is "runbooks/errors.md": give a URL that starts with https://',
      "alerts.empty.conditions: is empty: give one at least",
      "alerts.hasty.autoClose: is 60: give a whole number of seconds from 1800 to 604800",
      "alerts.hasty.duration: is 90: give whole minutes in seconds, from 60 to 84600",
    ],
    [
      "two channels, or an alert and a check, of one name",
      {
        emailChannels: { pager: "pager@example.com" },
        alerts: { api: alert() },
        uptimeChecks: { api: check({ channels: ["pager"] }) },
      },
      "existingChannels.pager: has the name of an e-mail channel: rename one",
      "uptimeChecks.api: has the name of an alert: rename one",
    ],
    [
      "an address that is none",
      { emailChannels: { team: "team" } },
      'emailChannels.team: is "team": give an address',
    ],
    [
      "a channel where there are none",
      { emailChannels: {}, existingChannels: {}, alerts: { lost: alert() } },
      'alerts.lost.channels[0]: is "pager", which is no channel here: declare it in emailChannels',
    ],
    [
      "checks that would not work",
      {
        uptimeChecks: {
          url: check({ host: "https://api.example.com", path: "health", channels: [] }),
          slow: check({ timeout: 61, regions: ["EUROPE", "SOUTH_AMERICA"] }),
        },
      },
      "uptimeChecks.url.channels: is empty, so nobody is told: name one channel at least",
      'uptimeChecks.url.host: is "https://api.example.com": give a host name alone',
      'uptimeChecks.url.path: is "health": start it with /',
      "uptimeChecks.slow.timeout: is 61: give a whole number of seconds from 1 to 60",
      'uptimeChecks.slow.regions: has fewer than three places (EUROPE, SOUTH_AMERICA): add "USA", which has three',
    ],
  ],
);

const office = { ranges: ["203.0.113.0/24"] };
const tcp = [{ protocol: "tcp" }];
const rule = (rule: NonNullable<NetworkingProps["firewallRules"]>[string]): Partial<NetworkingProps> => ({
  firewallRules: { rule },
});
const PORT = 'give a port ("443") or a range of ports ("8000-8100")';

refuses<NetworkingProps>(
  "Networking",
  (stack, changes) =>
    new Networking(stack, "it", {
      projectId: "shop-test",
      region: "europe-west1",
      name: "shop",
      subnets: { nodes: { cidr: "10.0.0.0/20" } },
      ...changes,
    }),
  [
    [
      "mistakes in all of its parts at once",
      {
        name: "Shop",
        subnets: { a_b: { cidr: "10.0.0.1/16" }, db: { cidr: "YOUR_IP/24", flowLogs: { sampling: 0 } } },
        firewallRules: { open: { allow: [{ protocol: "all" }] } },
        nat: { minPortsPerVm: 100 },
      },
      `name: "Shop" is not a valid name: ${NAME_RULE(46)}`,
      `subnets.a_b: "network-a_b" is not a valid name: ${NAME_RULE(63)}`,
      'subnets.a_b.cidr: "10.0.0.1/16" does not begin with its first address: give "10.0.0.0/16"',
      `subnets.db.cidr: "YOUR_IP/24" ${RANGE_RULE}`,
      "subnets.db.flowLogs.sampling: is 0: give a share above 0 and up to 1, or turn flow logs off by false",
      'firewallRules.open.ranges: is empty, which names no source: give ranges ("0.0.0.0/0" for all), sourceTags or sourceServiceAccounts',
      "nat.minPortsPerVm: is 100: give a power of two from 32 to 65536",
    ],
    ...["10.0.0.0", "10.0.0/16", "0x0a.0.0.0/8", "10.0.0.0/33", "2001:db8::/64", ""].map(
      (cidr): Refusal<NetworkingProps> => [
        `${JSON.stringify(cidr)} as a range`,
        { subnets: { a: { cidr } } },
        `subnets.a.cidr: "${cidr}" ${RANGE_RULE}`,
      ],
    ),
    [
      "ranges that overlap, wherever they stand",
      {
        subnets: {
          a: { cidr: "10.0.0.0/16", secondaryRanges: { pods: "10.4.0.0/14" } },
          b: { cidr: "10.0.128.0/20", region: "us-east1" },
        },
        privateServices: { cidr: "10.5.0.0/16" },
      },
      'subnets.b.cidr: "10.0.128.0/20" overlaps "10.0.0.0/16" of subnets.a.cidr: give ranges apart from each other',
      'privateServices.cidr: "10.5.0.0/16" overlaps "10.4.0.0/14" of subnets.a.secondaryRanges.pods: give ranges apart from each other',
    ],
    [
      "names of secondary ranges, derived names and an address name that Google would not take",
      {
        subnets: {
          [`n${"o".repeat(60)}`]: { cidr: "10.0.0.0/16", secondaryRanges: { Pods: "10.1.0.0/16" } },
        },
        firewallRules: { "allow-": { ...office, allow: tcp } },
        ingressAddress: { scope: "global", name: "1st" },
      },
      `subnets.n${"o".repeat(60)}: "shop-n${"o".repeat(60)}" is not a valid name: ${NAME_RULE(63)}`,
      `subnets.n${"o".repeat(60)}.secondaryRanges.Pods: "Pods" is not a valid name: ${NAME_RULE(63)}`,
      `firewallRules["allow-"]: "shop-allow-" is not a valid name: ${NAME_RULE(63)}`,
      `ingressAddress.name: "1st" is not a valid name: ${NAME_RULE(63)}`,
    ],
    ...[{ cidr: "10.9.0.0/28" }, { prefixLength: 25 }, { prefixLength: 4 }, { prefixLength: 16.5 }].map(
      (privateServices): Refusal<NetworkingProps> => [
        `a private services range of a size that Google's services do not take: ${JSON.stringify(privateServices)}`,
        { privateServices },
        `privateServices: is a /${privateServices.prefixLength ?? 28}, which Google's services do not take: give a range from /8 to /24`,
      ],
    ),
    [
      "both allow and deny",
      rule({ ...office, allow: tcp, deny: tcp }),
      "firewallRules.rule.deny: is given beside allow: give one of the two, with at least one entry",
    ],
    ...[office, { ...office, allow: [] }].map(
      (given): Refusal<NetworkingProps> => [
        `neither allow nor deny: ${JSON.stringify(given)}`,
        rule(given),
        "firewallRules.rule.allow: is empty, as is deny: give one of the two, with at least one entry",
      ],
    ),
    [
      "a priority out of bounds, and a source that is no range",
      rule({ ranges: ["203.0.113.0/24", "office"], allow: tcp, priority: 65_536 }),
      `firewallRules.rule.ranges[1]: "office" ${RANGE_RULE}`,
      "firewallRules.rule.priority: is 65536: give a whole number from 0 to 65535",
    ],
    [
      "outgoing traffic by source, and without destination",
      rule({ direction: "EGRESS", sourceTags: ["a"], deny: tcp }),
      "firewallRules.rule.sourceTags: is given for outgoing traffic: leave it out",
      'firewallRules.rule.ranges: is empty, which names no destination: give the destinations, or "0.0.0.0/0" for all',
    ],
    [
      "tags with service accounts",
      rule({ sourceTags: ["a"], targetServiceAccounts: ["b@c"], allow: tcp }),
      "firewallRules.rule.targetServiceAccounts: is given beside tags: use one of them in a rule",
    ],
    [
      "ports of a protocol without ports",
      rule({ ...office, allow: [{ protocol: "icmp", ports: ["1"] }] }),
      'firewallRules.rule.allow[0].ports: is given for protocol "icmp": leave it out',
    ],
    [
      "ports that are names, too high, or backwards",
      rule({ ...office, deny: [{ protocol: "tcp", ports: ["22", "ssh", "70000", "90-80"] }] }),
      `firewallRules.rule.deny[0].ports[1]: is "ssh": ${PORT}`,
      `firewallRules.rule.deny[0].ports[2]: is "70000": ${PORT}`,
      `firewallRules.rule.deny[0].ports[3]: is "90-80": ${PORT}`,
    ],
    [
      "NAT with less than no address",
      { nat: { staticAddresses: -1 } },
      "nat.staticAddresses: is -1: give a whole number from 0",
    ],
    [
      "NAT with numbers of ports that are no powers of two in bounds",
      { nat: { minPortsPerVm: 16, maxPortsPerVm: 131_072 } },
      "nat.minPortsPerVm: is 16: give a power of two from 32 to 65536",
      "nat.maxPortsPerVm: is 131072: give a power of two from 32 to 65536",
    ],
    [
      "NAT that may not give a machine more ports",
      { nat: { minPortsPerVm: 1024, maxPortsPerVm: 1024 } },
      "nat.maxPortsPerVm: is 1024, no more than minPortsPerVm: give more than 1024",
    ],
  ],
);

refuses<ProjectServicesProps>(
  "ProjectServices",
  (stack, changes) => new ProjectServices(stack, "it", { projectId: "p", services: [], ...changes }),
  [
    [
      "names that are no API's, and one that is listed twice",
      {
        services: [
          "container",
          "dns.googleapis.com",
          "https://container.googleapis.com",
          "dns.googleapis.com",
        ],
      },
      'services[0]: is "container", which is no name of an API: write it in full, such as container.googleapis.com',
      'services[2]: is "https://container.googleapis.com", which is no name of an API: write it in full, such as container.googleapis.com',
      "services[3]: is dns.googleapis.com, which is listed already: name it once",
    ],
  ],
);

const CRON_RULE =
  'give five fields with a space between: minute, hour, day, month, day of the week, such as "0 6 * * 1-5"';
const TIME_ZONE_RULE = 'give a name of the IANA database, such as "America/Los_Angeles" or "Etc/UTC"';

refuses<ScalingScheduleProps>(
  "ScalingSchedule",
  (stack, changes) => {
    new GoogleProvider(stack, "google");
    return new ScalingSchedule(stack, "it", {
      projectId: "p",
      region: "us-central1",
      name: "hours",
      accountId: "shop-hours",
      target: new CloudRunService(stack, "api", SERVICE),
      steps: { down: { cron: "0 22 * * *", instances: 0 }, up: { cron: "0 6 * * *", instances: 1 } },
      ...changes,
    });
  },
  [
    [
      "names, a time zone and steps that are none",
      {
        name: "Hours",
        accountId: "hours",
        timeZone: "PST",
        steps: { acts: { cron: "@daily", instances: 11 } },
      },
      `name: "Hours" is not a valid name: ${NAME_RULE(63)}`,
      'accountId: is "hours": use 6 to 30 lower-case letters, digits and -, first a letter, last no -',
      "steps: has no two steps, so nothing sets the number back: add one",
      'steps.acts: "acts" is no name of a step: use lower-case letters, digits and -, such as "down"; "acts" and "changes" are taken',
      `steps.acts.cron: is "@daily": ${CRON_RULE}`,
      "steps.acts.instances: is 11: give a whole number from 0 to 10",
    ],
    [
      "a service whose number Terraform keeps",
      { target: { managesInstances: true } as CloudRunService },
      "target: has a number of instances that every apply would set again: leave minInstances out there",
    ],
    [
      "a worker pool whose number Terraform keeps",
      {
        target: Object.assign(Object.create(CloudRunWorkerPool.prototype) as CloudRunWorkerPool, {
          managesInstances: true,
        }),
      },
      "target: has a number of instances that every apply would set again: set scheduled there",
    ],
  ],
);

refuses<ScheduleProps>(
  "Schedule",
  (stack, changes) =>
    new Schedule(stack, "it", {
      projectId: "p",
      region: "us-central1",
      name: "hourly",
      cron: "0 * * * *",
      target: { http: { url: "https://shop.example/" } },
      ...changes,
    }),
  [
    [
      "a name, a time and a time zone that are none",
      { name: "each hour", cron: "0 25 * * *", timeZone: "Europe/Wien" },
      'name: "each hour" is no name of a schedule: use up to 500 letters, digits, - and _',
      'cron: is "0 25 * * *", where "25" is no hour: give numbers from 0 to 23, ranges, lists, or * and */n',
      `timeZone: is "Europe/Wien": ${TIME_ZONE_RULE}`,
    ],
    [
      "a day that there is in no year",
      { cron: "0 0 31 FEB *" },
      'cron: is "0 0 31 FEB *", a day that never comes: give one that the month has',
    ],
    [
      "a token of Google's for somebody else, and what nobody reads",
      {
        target: {
          http: {
            url: "https://shop.example/",
            method: "GET",
            body: {},
            oauth: { identity: { email: "a@b" } },
            oidc: { identity: { email: "a@b" }, audience: "https://shop.example" },
          },
        },
      },
      "target.http.oauth: is given beside oidc: give one of the two",
      "target.http.oauth: would send a token for Google's APIs to somebody else: use oidc",
      "target.http.body: is given with GET: use POST, PUT or PATCH",
    ],
    [
      "a token that Google's APIs do not take",
      {
        target: {
          http: {
            url: "https://run.googleapis.com/v2/x",
            oidc: { identity: { email: "a@b" }, audience: "https://run.googleapis.com" },
          },
        },
      },
      "target.http.oidc: is for an API of Google's, which takes access tokens: use oauth",
    ],
    [
      "an address that anybody on the way reads",
      { target: { http: { url: "http://shop.example/" } } },
      'target.http.url: is "http://shop.example/": give one with https://',
    ],
    [
      "a message without a word, with time for it",
      { target: { pubsub: { topicId: "t" } }, attemptDeadlineSeconds: 60 },
      "target.pubsub: says nothing: give data, or an attribute",
      "attemptDeadlineSeconds: is given for a message, which takes no time: leave it out",
    ],
    [
      "times and numbers out of bounds",
      {
        attemptDeadlineSeconds: 5,
        retry: { count: 6, minBackoffSeconds: 60, maxBackoffSeconds: 30, maxDoublings: 17 },
      },
      "attemptDeadlineSeconds: is 5: give a whole number from 15 to 1800",
      "retry.count: is 6: give a whole number from 1 to 5",
      "retry.maxBackoffSeconds: is 30: give a whole number from 60 to 3600",
      "retry.maxDoublings: is 17: give a whole number from 0 to 16",
    ],
    [
      "no wait",
      { retry: { count: 1, minBackoffSeconds: 0 } },
      "retry.minBackoffSeconds: is 0: give a whole number from 1 to 3600",
    ],
  ],
);

const regional = { "us-east1": { id: "k", grants: [] } };

refuses<SecretsProps>(
  "Secrets",
  (stack, changes) =>
    new Secrets(stack, "it", { projectId: "project", secrets: {}, deletionProtection: false, ...changes }),
  [
    [
      "an id with a slash, and rotations without a topic or of no number of days",
      { secrets: { "a/b": {}, a: { rotationDays: 30 }, b: { rotationDays: 0.5 } } },
      'secrets["a/b"]: "a/b" is not a secret id: use up to 255 letters, digits, - and _',
      "secrets.a.rotationDays: has no topic for its reminders: give rotationReminders",
      "secrets.b.rotationDays: is 0.5: give a whole number of days from 1",
      "secrets.b.rotationDays: has no topic for its reminders: give rotationReminders",
    ],
    [
      "a delay that Secret Manager refuses",
      { versionDestroyDelayDays: 0 },
      "versionDestroyDelayDays: is 0: give a whole number of days from 1 to 1000",
    ],
    [
      "keys that are not those of the regions",
      { regions: ["us-east1", "us-west1"], encryptionKeys: regional },
      "encryptionKeys: has keys for us-east1: give one for each of us-east1, us-west1",
    ],
    [
      "a regional key for automatic replication",
      { encryptionKeys: regional },
      "encryptionKeys: has keys for us-east1: give one for each of global",
    ],
  ],
);

// Kubernetes, environments

refuses<GuardedNamespaceProps>(
  "GuardedNamespace",
  (stack, changes) => new GuardedNamespace(stack, "it", { name: "alice", ...changes }),
  [
    [
      "quotas and limits that are no quantities",
      {
        quota: { cpu: "4 cores", memory: "2Gi", storage: "5GB", pods: 0 },
        podLimits: { cpu: "1", memory: "8GB", ephemeralStorage: "1Gi" },
      },
      'quota.cpu: "4 cores" is not a CPU quantity: give one such as "250m" or "1.5"',
      'quota.storage: "5GB" is not an amount of memory: give one such as "512Mi" or "2Gi"',
      "quota.pods: is 0: give a whole number from 1",
      'podLimits.memory: "8GB" is not an amount of memory: give one such as "512Mi" or "2Gi"',
    ],
  ],
);

refuses<ApplicationReleaseProps<object>>(
  "ApplicationRelease",
  (stack, changes) =>
    new ApplicationRelease(stack, "it", {
      chart: new Chart("helm/plue"),
      name: "plue",
      namespace: "alice",
      values: {},
      ...changes,
    }),
  [
    [
      "a path that is none, and numbers out of bounds",
      {
        images: {
          registry: { projectId: "p", location: "us-central1", repositoryId: "plue" },
          names: { image: "zig-api", "runner..image": "runner" },
          tag: "alice",
        },
        timeoutSeconds: 4000,
        maxHistory: 0,
      },
      'images.names["runner..image"]: "runner..image" is no path of values: give the image\'s, such as "runner.image"',
      "timeoutSeconds: is 4000: give a whole number from 1 to 3600",
      "maxHistory: is 0: give a whole number from 1 to 100",
    ],
  ],
);

refuses<SharedRolesProps>(
  "SharedRoles",
  (stack, changes) =>
    new SharedRoles(stack, "it", {
      projectId: "p",
      deployerRoleId: "stagingDeployer",
      clusterUserRoleId: "stagingClusterUser",
      ...changes,
    }),
  [
    [
      "role ids that IAM refuses",
      { deployerRoleId: "staging-deployer", clusterUserRoleId: "x" },
      'deployerRoleId: is "staging-deployer": use 3 to 64 letters, digits, _ and dots',
      'clusterUserRoleId: is "x": use 3 to 64 letters, digits, _ and dots',
    ],
  ],
);

// What is no prop that a constructor sees

const inStack = (build: (stack: Stack) => unknown) => () => synthesize((stack) => void build(stack));
const elsewhere: Record<string, [action: () => unknown, ...lines: string[]]> = {
  "an address of a network that reserves none": [
    inStack(
      (stack) =>
        new Networking(stack, "it", { projectId: "p", region: "r", name: "shop", subnets: {} }).ingressIp,
    ),
    "test/it: ingressAddress: is missing, so there is no reserved address: give it",
  ],
  "a security policy that is not made": [
    inStack((stack) => new CloudArmorPolicy(stack, "it", { projectId: "p", name: "web" }).securityPolicyName),
    "test/it: allowedRanges: is missing, so there is no security policy: give it",
  ],
  "a canary of a service without one": [
    inStack((stack) => {
      new GoogleProvider(stack, "google");
      new CloudRunService(stack, "it", SERVICE).canaryUrl;
    }),
    "test/it: traffic: is missing, so there is no canary: give it",
  ],
  "a key that there is not": [
    inStack((stack) => {
      new GoogleProvider(stack, "google");
      const keys = { sql: {}, state: {} };
      new KmsKeys(stack, "it", { projectId: "p", location: "global", name: "ring", keys }).key("gke");
    }),
    'test/it: keys: has no key "gke": add it, or take one of sql, state',
  ],
  "a service whose name GKE cuts, of an alert on latency": [
    () =>
      loadBalancerLatency({
        percentile: 95,
        aboveMs: 2000,
        except: [
          { namespace: "production", service: "a".repeat(22) },
          { namespace: "p", service: 'x") OR ("' },
        ],
      }),
    `alert condition "P95 latency > 2000 ms": except[0]: is production/${"a".repeat(22)}, which GKE cuts in the backend's name: give names of 31 characters together at most`,
    'alert condition "P95 latency > 2000 ms": except[1]: is p/x") OR (", which GKE cuts in the backend\'s name: give names of 31 characters together at most',
  ],
  "an alert's condition without a bound": [
    () => metricThreshold({ displayName: "x", filter: "x" }),
    'alert condition "x": above: is missing, as is below: give one of the two',
  ],
  "an alert's condition with two bounds": [
    () => metricThreshold({ displayName: "x", filter: "x", above: 1, below: 0 }),
    'alert condition "x": above: is given beside below: give one of the two',
  ],
  ...Object.fromEntries(
    [5, 0, 1, Number.NaN].map((above) => [
      `a share of ${above}`,
      [
        () => ratioAbove({ displayName: "errors", numerator: "a", denominator: "b", above }),
        `alert condition "errors": above: is ${above}: give a share between 0 and 1`,
      ],
    ]),
  ),
  "a share of connections given in per cent": [
    () => databaseConnections({ projectId: "p", instanceName: "db", maxConnections: 200, above: 80 }),
    'alert condition "database connections > 8000 % of 200": above: is 80: give a share between 0 and 1',
  ],
  "a share of a disk given in per cent": [
    () => databaseDisk({ projectId: "p", instanceName: "db", above: 85 }),
    'alert condition "database disk > 8500 %": above: is 85: give a share between 0 and 1',
  ],
  "a construct id that is no Terraform name": [
    inStack((stack) => new DataResource(stack, "1st")),
    'test/1st: id: "1st" is not a Terraform name: use letters, digits, - and _ in construct ids, and start with a letter',
  ],
  "two constructs with one address": [
    inStack((stack) => [new DataResource(stack, "a-b"), new DataResource(stack, "a_b")]),
    "test/a_b: id: makes terraform_data.a_b, which test/a-b is, so only one of them would be deployed: give one another construct id",
  ],
  "types of which nobody has said what they hold": [
    inStack((stack) => {
      new GoogleProvider(stack, "google");
      new BigtableInstance(stack, "data", { name: "events" });
      new DataGoogleClientConfig(stack, "client");
    }),
    "test/data: type: google_bigtable_instance has no row in lib/core/resource-types/google.ts: add one with what it holds, what it needs and what it costs",
    "test/client: type: data.google_client_config has no row in lib/core/resource-types/google.ts: add one with what it reads and needs",
  ],
  "APIs that are not enabled": [
    inStack((stack) => {
      new GoogleProvider(stack, "google");
      new ProjectServices(stack, "it", { projectId: "p", services: ["dns.googleapis.com"] });
      new ComputeNetwork(stack, "network", { name: "n" });
      new DataGoogleProject(stack, "project", {});
    }),
    "test/it: services: has no compute.googleapis.com, which test/network (google_compute_network) needs: add it",
    "test/it: services: has no cloudresourcemanager.googleapis.com, which test/project (data.google_project) needs: add it",
  ],
};

test.each(Object.entries(elsewhere))("%s is told in the same form", (_, [action, ...lines]) => {
  for (const line of lines) expect(line).toMatch(FORM);
  // What CDKTF says about validations around them is its own.
  const told = messageOf(action)
    .replace(/^Validation failed.*\n/, "")
    .replace(/\s+If you wish to ignore.*\n/, "")
    .replaceAll(/^ *(\[[^\]]*\] )?/gm, "");
  expect(told.split("\n")).toEqual(lines);
});

test("every refusal of the library is in the tables above", () => {
  const all = [...expected, ...Object.values(elsewhere).flatMap(([, ...lines]) => lines)];
  const missing = sourcesOf("lib")
    .flatMap((file) => problemsOf(readFileSync(file, "utf8")))
    .filter((problem) => !all.some((line) => problem.test(line)));
  expect(missing.map(String)).toEqual([]);
});

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && name !== "core/invalid-props.ts")
    .map((name) => join(folder, name));
}

/** What a source says to be wrong: the texts between `problem` and `instead`, with anything where a value goes. */
function problemsOf(source: string): RegExp[] {
  const texts = [...source.matchAll(/\bproblem(?::| =)(.*?)(?:\binstead\b|;\n)/gs)].flatMap(
    ([, said = ""]) => [
      ...said.matchAll(/`((?:[^`\\$]|\\.|\$\{[^}]*\})*)`|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g),
    ],
  );
  return texts.map(([, template, plain, quoting]) => {
    const parts = (template ?? plain ?? quoting ?? "").split(/\$\{[^}]*\}/);
    return new RegExp(`: ${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}: `);
  });
}
