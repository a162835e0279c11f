import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BigtableInstance } from "@cdktf/provider-google/lib/bigtable-instance";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { DataGoogleClientConfig } from "@cdktf/provider-google/lib/data-google-client-config";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { CloudflareCdn, type CloudflareCdnProps } from "../../lib/cloudflare/cdn";
import type { CacheRule, FirewallRule, RateLimit } from "../../lib/cloudflare/cdn/rules";
import { CloudflareDns, type CloudflareDnsProps } from "../../lib/cloudflare/dns";
import type { Stack } from "../../lib/core/stack";
import { SharedRoles, type SharedRolesProps } from "../../lib/environments/shared-roles";
import { ArtifactRegistry, type ArtifactRegistryProps } from "../../lib/google/artifact-registry";
import { Attestor, type AttestorProps } from "../../lib/google/attestor";
import { AuditLogging, type AuditLoggingProps } from "../../lib/google/audit-logging";
import { BinaryAuthorization, type BinaryAuthorizationProps } from "../../lib/google/binary-authorization";
import { Bucket, type BucketProps } from "../../lib/google/bucket";
import { Budget, type BudgetProps } from "../../lib/google/budget";
import { BuildPool, type BuildPoolProps } from "../../lib/google/build-pool";
import { type BuildStep, BuildTrigger, type BuildTriggerProps } from "../../lib/google/build-trigger";
import { Certificate, type CertificateProps } from "../../lib/google/certificate";
import { CloudArmorPolicy, type CloudArmorPolicyProps } from "../../lib/google/cloud-armor";
import { CloudDnsZone, type CloudDnsZoneProps } from "../../lib/google/cloud-dns";
import { CloudFunction, type CloudFunctionProps, FunctionSource } from "../../lib/google/cloud-function";
import { CloudRunJob } from "../../lib/google/cloud-run/job";
import type {
  CloudRunJobProps,
  CloudRunServiceProps,
  CloudRunWorkerPoolProps,
} from "../../lib/google/cloud-run/props";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { CloudRunWorkerPool } from "../../lib/google/cloud-run/worker-pool";
import { CloudSql, type CloudSqlProps } from "../../lib/google/cloud-sql";
import { Commitment, type CommitmentProps } from "../../lib/google/commitment";
import { Dashboard, type DashboardProps } from "../../lib/google/dashboard";
import { FederatedIdentity, type FederatedIdentityProps } from "../../lib/google/federated-identity";
import { GithubFederation, type GithubFederationProps } from "../../lib/google/github-federation";
import { GkeCluster, type GkeClusterProps } from "../../lib/google/gke-cluster";
import { KmsKeys, type KmsKeysProps } from "../../lib/google/kms";
import { LoadBalancer, type LoadBalancerProps } from "../../lib/google/load-balancer";
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
import { ProjectFactory, type ProjectFactoryProps } from "../../lib/google/project-factory";
import { ProjectServices, type ProjectServicesProps } from "../../lib/google/project-services";
import { billingProvider } from "../../lib/google/providers";
import { PubSubTopic, type PubSubTopicProps } from "../../lib/google/pubsub";
import { Redis, type RedisProps } from "../../lib/google/redis";
import { RuntimeIdentity, type RuntimeIdentityProps } from "../../lib/google/runtime-identity";
import { ScalingSchedule, type ScalingScheduleProps } from "../../lib/google/schedule/scaling-schedule";
import { Schedule, type ScheduleProps } from "../../lib/google/schedule/schedule";
import { Secrets, type SecretsProps } from "../../lib/google/secret-manager";
import { Chart } from "../../lib/kubernetes/chart";
import { ExternalSecrets, type ExternalSecretsProps } from "../../lib/kubernetes/external-secrets";
import { GuardedNamespace, type GuardedNamespaceProps } from "../../lib/kubernetes/guarded-namespace";
import { PgBouncer, type PgBouncerProps } from "../../lib/kubernetes/pgbouncer";
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

refuses<AttestorProps>(
  "Attestor",
  (stack, changes) =>
    new Attestor(stack, "it", {
      projectId: "p",
      name: "ci",
      description: "Built by CI",
      signingKey: { id: "k", versionId: "k/1", publicKeyPem: "PEM", algorithm: "EC_SIGN_P256_SHA256" },
      signers: { ci: "serviceAccount:ci@p.iam.gserviceaccount.com" },
      deletionProtection: true,
      ...changes,
    }),
  [
    [
      "an attestor that nobody signs for",
      { name: "CI", signers: {} },
      `name: "CI" is not a valid name: ${NAME_RULE(63)}`,
      "signers: is empty, so no image can be attested: name whoever attests",
    ],
    [
      "a signer called as its own part",
      { signers: { note: "user:a@example.com" } },
      "signers.note: is a name of the construct's own: give the signer another short name",
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
    [
      "attestations of nothing, by nobody",
      { attested: { images: [], by: [] } },
      "attested.images: is empty: name the images' place",
      "attested.by: is empty: name an attestor",
    ],
    [
      "places that let in what is to be attested",
      {
        images: ["registry.example/shop/*"],
        attested: { images: ["registry.example/shop/api:*", "*"], by: [{ id: "a" }] },
      },
      'attested.images[0]: is "registry.example/shop/api:*", of which images lets in registry.example/shop/* without an attestation: take that out of images',
      'attested.images[1]: is "*": give a registry and a path, with a * at the end alone, such as "registry.example/shop/*"',
    ],
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
      "disableDefaultRecipients: is on, so nobody would be told: give channels; a topic alone does not count",
    ],
  ],
);

refuses<BuildPoolProps>(
  "BuildPool",
  (stack, changes) =>
    new BuildPool(stack, "it", {
      projectId: "p",
      region: "us-central1",
      name: "pool",
      machineType: "e2-standard-4",
      ...changes,
    }),
  [
    [
      "what no pool can have",
      {
        region: "global",
        name: "Pool",
        machineType: "E2_HIGHCPU_8",
        diskSizeGb: 50,
        network: { networkId: "n" },
      },
      `name: "Pool" is not a valid name: ${NAME_RULE(63)}`,
      "diskSizeGb: is 50: give a whole number of GB from 100 to 4000",
      "region: is global, where no pool can be: give a region",
      'machineType: is "E2_HIGHCPU_8": give a machine type of Compute Engine, such as "e2-standard-4"',
      "network: has no private services access, by which pools are reached: give the network privateServices",
    ],
  ],
);

const BUILD_IMAGE = `golang@sha256:${"a".repeat(64)}`;
const buildStep = (step: Partial<BuildStep> = {}): BuildStep => ({ id: "test", image: BUILD_IMAGE, ...step });
const SECRET_RULE = "give it in secrets, from Secret Manager";
refuses<BuildTriggerProps>(
  "BuildTrigger",
  (stack, changes) =>
    new BuildTrigger(stack, "it", {
      projectId: "p",
      region: "us-central1",
      name: "main",
      repository: { connection: "github", name: "shop" },
      on: { push: { branch: "^main$" } },
      steps: [buildStep()],
      identity: { name: "projects/p/serviceAccounts/builds@p.iam.gserviceaccount.com", grants: [] },
      ...changes,
    }),
  [
    [
      "bounds that Google has",
      {
        name: "Main",
        region: "global",
        timeoutSeconds: 0,
        diskSizeGb: 5000,
        steps: [],
        pool: { id: "pool" },
        machineType: "E2_HIGHCPU_8",
      },
      `name: "Main" is not a valid name: ${NAME_RULE(63)}`,
      "region: is global, where connections and private pools cannot be: give a region",
      "timeoutSeconds: is 0: give a whole number of seconds from 1 to 86400",
      "diskSizeGb: is 5000: give a whole number of GB from 1 to 4000",
      "machineType: is given beside pool: give it to the pool",
      "diskSizeGb: is given beside pool: give it to the pool",
      "steps: has 0: give 1 to 300 steps",
    ],
    ...(
      [
        ["on.push.branch", "main", { push: { branch: "main" } }],
        ["on.push.tag", "^v", { push: { tag: "^v" } }],
        ["on.push.branch", "^main|develop$", { push: { branch: "^main|develop$" } }],
        ["on.push.branch", "^main\\$", { push: { branch: "^main\\$" } }],
        ["on.pullRequest.branch", ".*", { pullRequest: { branch: ".*" } }],
      ] as const
    ).map(
      ([prop, pattern, on]): Refusal<BuildTriggerProps> => [
        `a pattern of a part of a name, ${prop} ${pattern}`,
        { on },
        `${prop}: is "${pattern}", which any name matches that has it in it: write ^ first and $ last, as in "^main$"`,
      ],
    ),
    [
      "images by which nobody finds the build again",
      { images: ["registry.example/shop/api", "registry.example/shop/web:latest"] },
      "images[0]: has no tag: give it a tag that tells builds apart, such as $COMMIT_SHA",
      "images[1]: has the tag latest, which every build moves: give it a tag that tells builds apart, such as $COMMIT_SHA",
    ],
    [
      "secrets that are none, or nobody's",
      { secrets: { "npm-token": { secretId: "npm", version: 0 } } },
      'secrets["npm-token"]: is no name of an environment variable: use letters, digits and _',
      'secrets["npm-token"].version: is 0: give a whole number from 1',
      'secrets["npm-token"]: is asked for by no step: drop it',
    ],
    [
      "secrets for what a pull request changes, without somebody who looks",
      {
        on: { pullRequest: { branch: "^main$" } },
        secrets: { NPM_AUTH: { secretId: "npm", version: 1 } },
        steps: [buildStep({ secrets: ["NPM_AUTH"] })],
      },
      "secrets: are given to whatever a pull request changes: set approval, or give them to a trigger of a branch",
    ],
    [
      "substitutions that are none, unused or secret",
      {
        substitutions: {
          region: "x",
          _UNUSED: "x",
          _API_KEY: "x",
          _DATABASE_URL: "postgres://shop:hunter2@10.0.0.1/shop",
        },
        steps: [buildStep({ args: ["$_API_KEY", "$_DATABASE_URL"] })],
      },
      "substitutions.region: is no name of a substitution: begin it with _, and use capital letters, digits and _",
      "substitutions._UNUSED: is used by no step: drop it",
      `substitutions._API_KEY: is a secret that everybody sees who sees the build: ${SECRET_RULE}`,
      `substitutions._DATABASE_URL: is a secret that everybody sees who sees the build: ${SECRET_RULE}`,
    ],
    [
      "steps that Cloud Build or a reader would not understand",
      {
        steps: [
          buildStep({ id: "a b", waitFor: ["test"] }),
          buildStep({ image: "golang:1.25", waitFor: ["lint"], secrets: ["NPM_AUTH"] }),
          buildStep({ script: "make", args: ["x"], timeoutSeconds: 90_000 }),
        ],
      },
      'steps[0].id: is "a b": use letters, digits, ., - and _',
      'steps[0].waitFor[0]: is "test", which is no earlier step: leave it out in the first step',
      'steps[1].image: is "golang:1.25", which may be another tomorrow: give it by digest, @sha256:…, or name it in images if the build makes it',
      'steps[1].waitFor[0]: is "lint", which is no earlier step: use a b',
      'steps[1].secrets[0]: is "NPM_AUTH", which is none of the build\'s: declare it in secrets',
      'steps[2].id: is "test", as an earlier step\'s: give it another',
      "steps[2].script: is given beside args or entrypoint: give one of the two",
      "steps[2].timeoutSeconds: is 90000: give a whole number of seconds from 1 to 86400",
    ],
    [
      "secrets and unknown names in what steps are given",
      {
        secrets: { NPM_AUTH: { secretId: "npm", version: 1 } },
        steps: [
          buildStep({
            secrets: ["NPM_AUTH"],
            args: ["--auth=$NPM_AUTH", "$_REGION", "$_HEAD_BRANCH", "https://me:hunter2@github.com/acme"],
            env: { GITHUB_TOKEN: "abc", HOME: "/root" },
          }),
          buildStep({
            id: "script",
            script: "echo $COMMIT_SHA $LOCATION $HOME",
            env: { LOCATION: "$LOCATION" },
          }),
          buildStep({ id: "key", script: "echo '-----BEGIN PRIVATE KEY-----'" }),
        ],
      },
      "steps[0].args[0]: reads the secret NPM_AUTH as a substitution, which it is not: write $$NPM_AUTH",
      "steps[0].args[1]: has $_REGION, which is no substitution: declare it in substitutions, or write $$_REGION for a variable of the shell",
      "steps[0].args[2]: has $_HEAD_BRANCH, which is no substitution: declare it in substitutions, or write $$_HEAD_BRANCH for a variable of the shell",
      `steps[0].args[3]: looks like a secret: ${SECRET_RULE}`,
      `steps[0].env.GITHUB_TOKEN: looks like a secret: ${SECRET_RULE}`,
      'steps[1].script: reads $COMMIT_SHA, which a script is not given: give it in env: {COMMIT_SHA: "$COMMIT_SHA"}',
      `steps[2].script: looks like a secret: ${SECRET_RULE}`,
    ],
  ],
);

refuses<BucketProps>(
  "Bucket",
  (stack, changes) =>
    new Bucket(stack, "it", {
      projectId: "shop",
      name: "shop-data",
      location: "us-central1",
      deletionProtection: true,
      ...changes,
    }),
  [
    [
      "names, places and days that Cloud Storage would, all at once",
      {
        name: "goog-data",
        location: "MARS",
        softDeleteDays: 3,
        retentionDays: 0,
        versioning: { days: 0 },
        managedFolders: { "reports/": {} },
      },
      'name: "goog-data" is no bucket name: use 3 to 63 lower-case letters, digits and -, first and last no -, without google or goog-',
      'location: is "MARS": give a region such as "us-central1", or one of US, EU, ASIA, ASIA1, EUR4, EUR5, NAM4, EUR7, EUR8',
      "versioning.days: is 0: give a whole number of days from 1",
      "softDeleteDays: is 3: give a whole number of days from 7 to 90, or 0 for none",
      "retentionDays: is 0: give a whole number of days from 1 to 36500",
      'managedFolders["reports/"]: "reports/" is no path of a folder: give names with / between them, such as "reports/daily"',
    ],
    [
      "old versions without an end",
      { versioning: {} },
      "versioning: keeps old versions for ever: give days or keep",
    ],
    [
      "a lock on nothing",
      { retentionLocked: true },
      "retentionLocked: is on, and nothing is retained: give retentionDays",
    ],
    [
      "a key from elsewhere",
      { location: "EU", encryptionKey: { id: "key", grants: [], location: "us" } },
      "encryptionKey: is in us, and the bucket in EU: give a key whose ring is in europe",
    ],
    [
      "a key where none may be",
      { location: "EUR8", encryptionKey: { id: "key", grants: [], location: "eur8" } },
      "encryptionKey: is given in EUR8, for which no location of keys is known: leave it out, or take another location",
    ],
    [
      "rules that say nothing, or what cannot be",
      {
        lifecycleRules: [
          { action: "DELETE" },
          { action: "DELETE", newerVersions: 3 },
          { action: "ABORT_UPLOADS", ageDays: 1, classes: ["STANDARD"] },
        ],
      },
      "lifecycleRules[0].action: is DELETE at once, without an age: give ageDays, noncurrentDays or newerVersions",
      "lifecycleRules[1].newerVersions: is about old versions, and none are kept: give the bucket versioning, or ageDays here",
      "lifecycleRules[2].action: is ABORT_UPLOADS with a condition that uploads do not have: give ageDays, prefixes and suffixes alone",
    ],
    [
      "scripts of nowhere",
      {
        cors: [
          { origins: [], methods: ["GET"] },
          { origins: ["app.example.com"], methods: ["GET"], maxAgeSeconds: 100_000 },
        ],
      },
      "cors[0].origins: is empty, so the rule lets nobody in: name one at least",
      "cors[1].maxAgeSeconds: is 100000: give a whole number of seconds from 0 to 86400",
      'cors[1].origins[0]: is "app.example.com": give an origin without a path, such as "https://app.example.com", or "*"',
    ],
    [
      "everybody among the members",
      { readers: { all: "allUsers" }, managedFolders: { a: { writers: { all: "allAuthenticatedUsers" } } } },
      "readers.all: is allUsers, everybody: name a group, a service account or a person, or set publicRead",
      "managedFolders.a.writers.all: is allAuthenticatedUsers, everybody: name a group, a service account or a person, or set publicRead",
    ],
    [
      "a label that says it is public",
      { labels: { access: "public" } },
      "labels.access: says that the bucket is public: set publicRead, or leave it out",
    ],
    [
      "a public bucket whose label says something else",
      { publicRead: true, labels: { access: "staff" } },
      'labels.access: is "staff" for a bucket that everybody may read: leave it out',
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

refuses<CertificateProps>(
  "Certificate in Cloud DNS",
  (stack, changes) =>
    new Certificate(stack, "it", {
      projectId: "project",
      name: "web",
      domains: ["example.com"],
      dns: new CloudDnsZone(stack, "dns", {
        projectId: "project",
        name: "inside",
        zoneName: "example.com",
        networks: [{ networkId: "network" }],
        deletionProtection: false,
      }),
      ...changes,
    }),
  [
    [
      "a zone that Google cannot ask",
      {},
      "dns: is the private zone of example.com, in which Google does not find the proof of control: give a public one",
    ],
  ],
);

const FLOODS = { priority: 2000, limit: { requests: 1000, key: "IP" } } as const;
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
    [
      "settings of rules without rules",
      { defaultAction: "deny(403)", edge: true },
      "defaultAction: is given without rules: leave it out, or give rules",
      "edge: is given without rules: leave it out, or give rules",
    ],
    [
      "rules beside ranges that are let in",
      { allowedRanges: ["192.0.2.0/24"], rules: { floods: FLOODS } },
      "rules: are given beside allowedRanges, whose rules let requests in by themselves: give one of the two",
    ],
    [
      "bad rules, all at once",
      {
        rules: {
          inspect: {
            priority: -1,
            description: "x".repeat(65),
            inspect: "sql" as "sqli",
            version: "3.0" as "3.3",
            sensitivity: 0 as 1,
            exclude: ["942110"],
          },
          both: { priority: 10, ranges: [], expression: " ", action: "allow" },
          range: {
            priority: 12,
            ranges: ["*", "::/0", "192.0.2.1", "192.0.2.0/33", "office"],
            action: "allow",
            preview: true,
          },
          long: { priority: 11, expression: "a || b && c || d || e || f == '&&'", action: "deny(403)" },
          limit: {
            priority: 3000,
            expression: "a",
            limit: { requests: 0, seconds: 7, key: undefined as never },
          },
          named: {
            priority: 4000,
            expression: "b",
            limit: {
              requests: 1,
              key: "HTTP_HEADER",
              ban: { seconds: 1, above: { requests: 0, seconds: 1 } },
            },
          },
          unnamed: { priority: 5000, limit: { requests: 1, key: "USER_IP", keyName: "X-Client" } },
        },
      },
      "rules.inspect.priority: is -1: give a whole number from 0 to 2147483646",
      "rules.inspect.description: has 65 characters: use at most 64",
      "rules.inspect.sensitivity: is 0: give a whole number from 1 to 4",
      'rules.inspect.inspect: is "sql": give one of sqli, xss, lfi, rfi, rce, methodenforcement, scannerdetection, protocolattack, php, sessionfixation, java',
      'rules.inspect.version: is "3.0": give one of 4.22, 3.3',
      'rules.inspect.exclude[0]: is "942110": give the id of a signature, such as "owasp-crs-v042200-id942100-sqli"',
      "rules.both.expression: is given beside ranges: give one of the two, as inIpRange(origin.ip, '…') says ranges in an expression",
      "rules.both.ranges: has 0 entries: give 1 to 10, or make several rules of it",
      "rules.both.expression: has 1 characters: give 1 to 2048",
      'rules.range.ranges[3]: is "192.0.2.0/33": give a range such as "192.0.2.0/24" or "2001:db8::/32", or "*" for all',
      'rules.range.ranges[4]: is "office": give a range such as "192.0.2.0/24" or "2001:db8::/32", or "*" for all',
      "rules.long.expression: has 6 conditions, of which Cloud Armor takes 5: make several rules of it",
      "rules.limit.limit.requests: is 0: give a whole number from 1 to 1000000",
      'rules.limit.limit.key: is missing, which is one budget for everybody: give "IP", or "XFF_IP" behind a CDN',
      "rules.limit.limit.seconds: is 7: give one of 10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600",
      "rules.named.limit.keyName: is missing for key HTTP_HEADER: give the name of the header or cookie",
      "rules.named.limit.ban.above.seconds: is 1: give one of 10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600",
      "rules.named.limit.ban.seconds: is 1: give a whole number of seconds from 60 to 86400",
      "rules.named.limit.ban.above.requests: is 0: give a whole number from 1 to 1000000",
      "rules.unnamed.limit.keyName: is given for key USER_IP: leave it out",
      "rules.unnamed.limit.key: is USER_IP, and no header tells it: give the policy userIpHeaders",
    ],
    [
      "rules that no request reaches",
      {
        rules: {
          floods: { ...FLOODS, priority: 100 },
          injection: { priority: 2000, inspect: "sqli", sensitivity: 1 },
        },
      },
      'rules.injection: can never be reached, as "floods" before it decides about all its requests: give it a priority below 100',
    ],
    [
      "what an earlier rule has decided",
      {
        rules: {
          office: { priority: 1, ranges: ["192.0.2.0/24", "198.51.100.0/24"], action: "allow" },
          some: { priority: 2, ranges: ["192.0.2.0/24"], action: "deny(403)" },
          admin: { priority: 3, expression: "request.path == '/a'", action: "deny(403)" },
          again: { priority: 4, expression: "request.path == '/a'", action: "allow" },
          sqli: { priority: 5, inspect: "sqli", sensitivity: 1, preview: false },
          twice: { priority: 6, inspect: "sqli", sensitivity: 1 },
          all: { priority: 7, expression: "true", action: "deny(403)" },
          last: { priority: 8, ranges: ["*"], action: "allow" },
        },
      },
      'rules.some: can never be reached, as "office" before it decides about all its requests: give it a priority below 1',
      'rules.again: can never be reached, as "admin" before it decides about all its requests: give it a priority below 3',
      'rules.twice: can never be reached, as "sqli" before it decides about all its requests: give it a priority below 5',
      'rules.last: can never be reached, as "all" before it decides about all its requests: give it a priority below 7',
    ],
    [
      "two rules of one priority, and one within a limit's thousand",
      {
        rules: {
          a: { priority: 1, expression: "a", action: "allow" },
          b: { priority: 1, expression: "b", action: "allow" },
          floods: FLOODS,
          late: { priority: 2999, inspect: "xss", sensitivity: 1 },
        },
      },
      'rules.b.priority: is 1, taken, as "a" has 1: give another',
      'rules.late.priority: is 2999, a rate limit\'s thousand, as "floods" has 2000: give another',
    ],
    [
      "at the edge what looks into requests",
      {
        edge: true,
        adaptiveProtection: true,
        jsonParsing: "STANDARD",
        rules: { sqli: { priority: 1, inspect: "sqli", sensitivity: 1 }, floods: FLOODS },
      },
      "jsonParsing: is given for a policy of the edge, which looks into no request: leave it out",
      "adaptiveProtection: is given for a policy of the edge, which looks into no request: leave it out",
      "rules.sqli.inspect: is in a policy of the edge, before the cache, which neither inspects nor counts: leave it out, or attach a policy to the backend",
      "rules.floods.limit: is in a policy of the edge, before the cache, which neither inspects nor counts: leave it out, or attach a policy to the backend",
    ],
  ],
);

refuses<CloudDnsZoneProps>(
  "CloudDnsZone",
  (stack, changes) =>
    new CloudDnsZone(stack, "it", {
      projectId: "shop",
      name: "shop",
      zoneName: "example.com",
      deletionProtection: false,
      ...changes,
    }),
  [
    [
      "a zone that there cannot be",
      { name: "Shop", zoneName: "Example.com.", networks: [], dnssec: "on" },
      `name: "Shop" is not a valid name: ${NAME_RULE(63)}`,
      'zoneName: is "Example.com.", which is no domain: give one in small letters without a dot at the end, such as "example.com"',
      "networks: is empty, so nobody could ask the zone: name one at least, or leave it out for a public zone",
      "dnssec: is given for a private zone: leave it out, as Cloud DNS signs public ones alone",
    ],
    [
      "records that cannot work, all at once",
      {
        records: {
          soa: { name: "@", type: "SOA" as "NS", values: ["x"] },
          ns: { name: "@", type: "NS", values: ["ns1.example.net"] },
          apex: { name: "@", type: "CNAME", values: ["example.net", "example.org"], ttl: 0 },
          full: { name: "api.example.com", type: "A", values: [] },
          a_: { type: "A", values: ["203.0.113.7", "203.0.113.7"] },
          six: { type: "AAAA", values: ["203.0.113.7"] },
          mail: { type: "MX", values: ["mail.example.net"] },
          sip: { type: "SRV", values: ["10 5 sip.example.net"] },
          caa: { type: "CAA", values: ["pki.goog"] },
          ds: { type: "DS", values: ["x"] },
          svc: { type: "HTTPS", values: ["x"] },
          ssh: { type: "SSHFP", values: ["x"] },
          tls: { type: "TLSA", values: ["x"] },
          text: { type: "TXT", values: [""] },
          dot: { type: "PTR", values: ["host.example.net."] },
        },
      },
      'records.soa.type: is "SOA": give one of A, AAAA, CAA, CNAME, DS, HTTPS, MX, NS, PTR, SRV, SSHFP, SVCB, TLSA, TXT',
      "records.ns.type: is NS for the zone itself, whose name servers Cloud DNS writes down: leave it out",
      "records.apex.ttl: is 0: give a whole number of seconds from 1 to 86400",
      "records.apex.type: is CNAME for the zone itself, beside its NS and SOA records: give A and AAAA records",
      "records.apex.values: has 2 entries for a CNAME: give one",
      'records.full.name: "api.example.com" repeats the zone: give the name below it, "api"',
      "records.full.values: is empty: give one at least",
      'records.a_: "a_" is no record name: give labels of a-z, 0-9, - and _, such as "api" or "*.staging", or "@"',
      'records.a_.values[1]: is "203.0.113.7", which is there already: name it once',
      'records.six.values[0]: is "203.0.113.7": give an IPv6 address',
      'records.mail.values[0]: is "mail.example.net": give a preference and a host name without a dot at the end, such as "10 mail.example.net"',
      'records.sip.values[0]: is "10 5 sip.example.net": give priority, weight, port and a host name without a dot at the end, such as "10 5 5060 sip.example.net"',
      'records.caa.values[0]: is "pki.goog": give a flag, a tag and a quoted value, such as 0 issue "pki.goog"',
      'records.ds.values[0]: is "x": give key tag, algorithm, digest type and digest',
      'records.svc.values[0]: is "x": give a priority, a host name without a dot at the end or ".", and parameters, such as "1 . alpn=h2"',
      'records.ssh.values[0]: is "x": give algorithm, type and fingerprint',
      'records.tls.values[0]: is "x": give usage, selector, matching type and data',
      'records.text.values[0]: is "": give some text',
      'records.dot.values[0]: is "host.example.net.": give a full host name without a dot at the end',
      'records.apex: is a CNAME, and "@" has another record: leave one of them out, as DNS allows a CNAME alone',
    ],
    [
      "one name and type twice",
      {
        records: {
          one: { name: "api", type: "A", values: ["203.0.113.7"] },
          two: { name: "api", type: "A", values: ["203.0.113.8"] },
        },
      },
      'records.two.type: is A, which "api" has by "one": give that one all the values',
    ],
    [
      "delegations to elsewhere, twice, or to nobody",
      {
        records: { dev: { type: "NS", values: ["ns1.example.net"] } },
        delegations: {
          dev: { zoneName: "dev.example.com", nameServers: ["ns1.example.net."] },
          other: { zoneName: "dev.example.org", nameServers: [] },
          same: { zoneName: "example.com", nameServers: ["ns1.example.net"] },
        },
      },
      'delegations.dev.zoneName: is "dev.example.com", which has NS records already: give them once',
      'delegations.other.zoneName: is "dev.example.org", which is not below example.com: give a zone such as "dev.example.com"',
      "delegations.other.nameServers: is empty: name one at least",
      'delegations.same.zoneName: is "example.com", which is not below example.com: give a zone such as "dev.example.com"',
      'delegations.same.nameServers[0]: is "ns1.example.net": give a full host name with a dot at the end, such as "ns-cloud-a1.googledomains.com."',
    ],
    [
      "delegations of a private zone",
      {
        networks: [{ networkId: "network" }],
        delegations: { dev: { zoneName: "dev.example.com", nameServers: ["ns1.example.net."] } },
      },
      "delegations: are given for a private zone, where nobody follows them: leave them out, as a network takes the longest of its zones",
    ],
  ],
);

const FUNCTION = "__tests__/lib/google/cloud-function/rotate-secrets";

refuses<CloudFunctionProps>(
  "CloudFunction",
  (stack, changes) =>
    new CloudFunction(stack, "it", {
      projectId: "project",
      region: "us-central1",
      name: "rotate-secrets",
      runtime: "python312",
      entryPoint: "rotate_secret",
      source: new FunctionSource(FUNCTION),
      bucket: { bucketName: "functions" },
      registry: { repositoryId: "functions", location: "us-central1" },
      ...changes,
    }),
  [
    [
      "names from which no account can be called",
      { name: "rotate-secrets-of-all-apps" },
      `name: "rotate-secrets-of-all-apps" is not a valid name: ${NAME_RULE(22)}`,
    ],
    [
      "a name too short for an account",
      { name: "feed" },
      'name: "feed" is too short for its service account: use 6 to 22 characters',
    ],
    [
      "what is no runtime and no function",
      { runtime: "python-3.12", entryPoint: "main.rotate()" },
      'runtime: is "python-3.12": give a language and its version, such as "python312" or "nodejs22"',
      'entryPoint: is "main.rotate()": give the name of the function in the source',
    ],
    [
      "a source of another language",
      { runtime: "nodejs22" },
      `source: ${FUNCTION} has no package.json, index.js, function.js, without which nodejs22 is not built: add it, at the top of the folder`,
    ],
    [
      "a registry elsewhere",
      { registry: { repositoryId: "functions", location: "us" } },
      "registry: is in us, and the function in us-central1: give one of that region",
    ],
    [
      "events that take too long, with callers beside",
      {
        events: { topic: { topicId: "projects/p/topics/t" }, retry: false },
        invokers: { job: "serviceAccount:job@p.iam" },
        timeoutSeconds: 600,
        maxInstances: 0,
        memory: "64Gi",
      },
      "invokers: would call what handles events: drop invokers, or drop events",
      "timeoutSeconds: is 600: give a whole number from 1 to 540",
      "maxInstances: is 0: give a whole number from 1 to 1000",
      "memory: is 64Gi: give 128Mi to 32Gi",
    ],
    [
      "an amount of memory that is none",
      { memory: "256MB" },
      'memory: is "256MB": give whole Mi or Gi, such as "512Mi" or "2Gi"',
    ],
    [
      "variables that are none, Google's, or secret and not, and versions that are no numbers",
      {
        env: { "app-name": "x", PORT: "1", API_KEY: "k", FUNCTION_TARGET: "main" },
        secrets: { API_KEY: { secretId: "key", version: 0 } },
      },
      'env["app-name"]: "app-name" is no name of a variable: use letters, digits and _, and begin with no digit',
      "env.PORT: is set by Cloud Run: leave it out",
      "env.API_KEY: is one of the secrets, too: drop one of them",
      "env.API_KEY: is a secret, by its name or by a user in its URL: give it in secrets, by secret and version",
      "secrets.API_KEY.version: is 0: give a whole number from 1",
      "env.FUNCTION_TARGET: is set by Cloud Functions: leave it out",
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
      "a reason that is longer than a description",
      { public: "x".repeat(501) },
      "public: has 501 characters: give 500 at most",
    ],
    [
      "traffic to what is no hash, and more than all of it",
      { traffic: { stable: "shop-api-0123abcd", canary: { revision: "LATEST", percent: 101 } } },
      'traffic.stable: is "shop-api-0123abcd": give the 8 hexadecimal digits that the output of an apply told',
      'traffic.canary.revision: is "LATEST": give the 8 hexadecimal digits that the output of an apply told',
      "traffic.canary.percent: is 101: give a whole number from 0 to 100",
    ],
    [
      "a pipeline that deploys, an image that is always the same, and revisions by name",
      { deployedBy: "pipeline", traffic: { stable: "0123abcd" } },
      "deployedBy: is a pipeline, whose images a fixed one would replace with the next apply: give image as { registry, name, tag }, or leave it out",
      "traffic: names revisions, whose names are Cloud Run's own where a pipeline deploys: drop one of traffic and deployedBy",
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
    [
      "a pipeline that deploys, and an image that is always the same",
      { deployedBy: "pipeline" },
      "deployedBy: is a pipeline, whose images a fixed one would replace with the next apply: give image as { registry, name, tag }, or leave it out",
    ],
  ],
);

const EXTENSIONS =
  "btree_gin, btree_gist, citext, cube, dblink, fuzzystrmatch, google_ml_integration, hstore, intarray, ltree, pg_bigm, pg_cron, pg_hint_plan, pg_partman, pg_repack, pg_stat_statements, pg_trgm, pgaudit, pgcrypto, pglogical, postgis, postgres_fdw, tablefunc, unaccent, uuid-ossp, vector";

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
    [
      "machine types of MySQL's first days",
      { tier: "db-n1-standard-2" },
      `tier: "db-n1-standard-2" is no machine type for PostgreSQL: ${TIERS}`,
    ],
    [
      "another engine",
      { databaseVersion: "MYSQL_8_0" },
      'databaseVersion: is "MYSQL_8_0": give POSTGRES_13 to POSTGRES_18, such as POSTGRES_16',
    ],
    [
      "networks that are none, everybody's, or not on the internet",
      {
        publicAddress: {
          authorizedNetworks: {
            all: "0.0.0.0/0",
            half: "128.0.0.0/1",
            office: "203.0.113.7/24",
            pods: "10.4.0.0/14",
            typo: "203.0.113",
          },
        },
      },
      "publicAddress.authorizedNetworks.all: is 0.0.0.0/0, a large part of the internet: name who may connect",
      "publicAddress.authorizedNetworks.half: is 128.0.0.0/1, a large part of the internet: name who may connect",
      'publicAddress.authorizedNetworks.office: "203.0.113.7/24" does not begin with its first address: give "203.0.113.0/24"',
      "publicAddress.authorizedNetworks.pods: is 10.4.0.0/14, which no client on the internet has: drop it: the network reaches the private address without",
      `publicAddress.authorizedNetworks.typo: "203.0.113" ${RANGE_RULE}`,
    ],
    [
      "a pool of connections of another edition",
      { connectionPool: {} },
      "connectionPool: is of the edition Enterprise Plus, and db-custom-2-8192 is not: use PgBouncer beside the application, or take a db-perf-optimized-N-<vCPU>",
    ],
    [
      "an extension whose flag is off",
      { extensions: ["pg_cron"], databaseFlags: { "cloudsql.enable_pg_cron": "off" } },
      'databaseFlags["cloudsql.enable_pg_cron"]: is "off", and the extension pg_cron needs "on": leave it out',
    ],
    [
      "an extension that is not known",
      { extensions: ["timescaledb" as "vector"] },
      `extensions[0]: is "timescaledb", which is not known here: take one of ${EXTENSIONS}, or add it to lib/google/cloud-sql/extensions.ts with the flags it needs`,
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
    ["no branch at all", { branches: [] }, "branches: is empty, so nobody logs in: name a branch"],
    ...["*", "release/*", "refs/heads/main", 'main" || true || "', ""].map(
      (branch): Refusal<GithubFederationProps> => [
        `${branch}, which is no branch`,
        { branches: ["main", branch] },
        `branches[1]: is "${branch}", which is no branch: name one branch, without refs/heads/ and without a pattern`,
      ],
    ),
    ...["true", '"acme/shop"', "'assertion.ref'", "1 == 1"].map(
      (condition): Refusal<GithubFederationProps> => [
        `a condition that any branch meets, ${condition}`,
        { condition, attributes: { tag: condition } },
        "attributes.tag: is the same for every run: name a claim that tells runs apart, such as assertion.ref",
        "condition: is the same for every run: name a claim that tells runs apart, such as assertion.ref",
      ],
    ),
    [
      "an attribute that the whole repository has",
      { attributes: { owner: "assertion.repository_owner + assertion.repository" } },
      "attributes.owner: is the same for every run: name a claim that tells runs apart, such as assertion.ref",
    ],
    ...[
      "assertion.ref) || (true",
      'assertion.ref == "',
      "[assertion.ref",
      "assertion.ref // and the rest",
    ].map(
      (condition): Refusal<GithubFederationProps> => [
        `a condition that reaches beyond its brackets, ${condition}`,
        { condition },
        "condition: has a bracket or quote that is not closed: end it",
      ],
    ),
    [
      "attributes that are there already, or have no name",
      {
        attributes: { ref: "assertion.ref", Tag: "assertion.ref", long: `assertion.ref${" ".repeat(2048)}` },
      },
      ...["ref", "Tag"].map(
        (name) =>
          `attributes.${name}: is no name of an attribute of one's own: use lower-case letters, digits and _, and none of event_name, ref, event_ref_actor, ref_environment`,
      ),
      "attributes.long: has 2061 characters: use 2048 at most",
    ],
  ],
);

refuses<CommitmentProps>(
  "Commitment",
  (stack, changes) =>
    new Commitment(stack, "it", {
      projectId: "p",
      region: "us-central1",
      name: "cud",
      type: "GENERAL_PURPOSE_N2",
      months: 12,
      vcpus: 4,
      memoryGb: 16,
      ...changes,
    }),
  [
    [
      "amounts that Google does not sell",
      { name: "CUD", vcpus: 1.5, memoryGb: 16.1 },
      `name: "CUD" is not a valid name: ${NAME_RULE(63)}`,
      "vcpus: is 1.5: give a whole number from 1",
      "memoryGb: is 16.1: give GB in quarters, as memory is sold by 256 MB",
    ],
    [
      "half of a commitment",
      { memoryGb: 0 },
      "memoryGb: is 0: give GB in quarters, as memory is sold by 256 MB",
    ],
  ],
);

const someMetric = { filter: "a" };
refuses<DashboardProps>(
  "Dashboard",
  (stack, changes) =>
    new Dashboard(stack, "it", { projectId: "p", displayName: "Shop", rows: [{ widgets: [] }], ...changes }),
  [
    [
      "what shows nothing",
      {
        displayName: " ",
        rows: [
          { widgets: [] },
          { widgets: times(13, () => ({ text: "a" })), height: 0 },
          {
            widgets: [
              { text: "" },
              { title: "", logs: "" },
              { title: "a", slo: "" },
              { title: "a", series: [] },
              { title: "a", series: [{ promql: "" }] },
            ],
          },
        ],
      },
      "displayName: is empty: give a text",
      "rows[0].widgets: has 0: give 1 to 12 in a row",
      "rows[1].height: is 0: give a whole number from 1 to 200",
      "rows[1].widgets: has 13: give 1 to 12 in a row",
      "rows[2].widgets[0].text: is empty: give a text",
      "rows[2].widgets[1].title: is empty: give a text",
      "rows[2].widgets[1].logs: is empty: give a text",
      "rows[2].widgets[2].slo: is empty: give a text",
      "rows[2].widgets[3].series: is empty: add one",
      "rows[2].widgets[4].series[0].promql: is empty: give a text",
    ],
    ["no row", { rows: [] }, "rows: is empty: add a row"],
    [
      "more than Google takes",
      { rows: times(11, () => ({ widgets: times(10, () => ({ text: "a" })) })) },
      "rows: has 110 widgets: make several dashboards of up to 100",
    ],
    [
      "what Google does not keep, or cannot show",
      {
        rows: [
          {
            widgets: [
              {
                title: "a",
                series: [
                  { ...someMetric, aligner: "ALIGN_NONE", groupBy: ["x"], alignmentSeconds: 90 },
                  { ratio: { numerator: { filter: "" }, denominator: someMetric } },
                ],
                thresholds: [{ value: 0 }],
              },
            ],
          },
        ],
        labels: { content: "mine", Service: "Shop" },
      },
      "rows[0].widgets[0].series[0].alignmentSeconds: is 90: give whole minutes, from 60",
      "rows[0].widgets[0].series[0].aligner: is ALIGN_NONE, which charts cannot reduce and Google does not keep: leave it out, or give another",
      "rows[0].widgets[0].series[0].groupBy: is given without a reducer: give reducer",
      "rows[0].widgets[0].series[1].ratio.numerator.filter: is empty: give a text",
      "rows[0].widgets[0].thresholds[0].value: is 0, which Google does not keep: leave the threshold out, or give another",
      "labels.content: is the label with the content's hash: give it another name",
      'labels.Service: is "Shop": use up to 63 lower-case letters, digits, - and _ in name and value',
    ],
  ],
);

const GITHUB_POOL =
  "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github";
const ONE_BRANCH = "give the principalSet of an attribute that tells branches apart";
refuses<FederatedIdentityProps>(
  "FederatedIdentity",
  (stack, changes) =>
    new FederatedIdentity(stack, "it", {
      projectId: "p",
      accountId: "plan-changes",
      displayName: "Plans",
      members: {},
      roles: {},
      ...changes,
    }),
  [
    [
      "whoever is more than a branch",
      {
        accountId: "Plan",
        members: {
          pool: `${GITHUB_POOL}/*`,
          repository: `${GITHUB_POOL}/attribute.repository/acme/shop`,
          owner: `${GITHUB_POOL}/attribute.repository_owner/acme`,
          everybody: "allUsers",
        },
      },
      'accountId: is "Plan": use 6 to 30 lower-case letters, digits and -, first a letter, last no -',
      `members.pool: is everybody who logs in to the pool: ${ONE_BRANCH}`,
      `members.repository: is every branch of a repository, or of all of an owner's: ${ONE_BRANCH}`,
      `members.owner: is every branch of a repository, or of all of an owner's: ${ONE_BRANCH}`,
      `members.everybody: is "allUsers", which is no federated identity: ${ONE_BRANCH}`,
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
    new KmsKeys(stack, "it", { projectId: "p", location: "us-central1", name: "ring", ...changes }),
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
    [
      "keys in global, but of Secret Manager",
      {
        location: "Global",
        keys: {
          secrets: { serviceAgents: ["secretmanager.googleapis.com"] },
          backup: { users: { job: "user:a@b.com" } },
          state: { serviceAgents: ["storage.googleapis.com"] },
        },
        signingKeys: { attestor: {} },
        googleBeta: {} as GoogleBetaProvider,
      },
      "keys.backup: is in global, and job would encrypt with it what is somewhere: give the location of that; global is for secrets with automatic replication",
      "keys.state: is in global, and storage.googleapis.com would encrypt with it what is somewhere: give the location of that; global is for secrets with automatic replication",
      "signingKeys.attestor: is in global, which is for secrets with automatic replication: give the region that signs",
    ],
    [
      "two keys of a name",
      { keys: { a: {} }, signingKeys: { a: {} } },
      "signingKeys.a: has the name of a key that encrypts: give it another",
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
    [
      "a dataset that keeps nothing, by a name that is none",
      {
        destination: {
          datasetId: "audit-logs",
          location: "US",
          deletionProtection: false,
          retentionDays: 0,
        },
      },
      "destination.retentionDays: is 0: give a whole number of days from 1 to 36500",
      'destination.datasetId: is "audit-logs": use letters, digits and _',
    ],
  ],
);

const SITE = { bucket: { bucketName: "shop-site", isPublic: true } };
const SERVER = {
  service: { name: "server", region: "us-central1" },
  securityPolicy: { securityPolicyId: "policy", isEdge: false },
};

refuses<LoadBalancerProps>(
  "LoadBalancer",
  (stack, changes) =>
    new LoadBalancer(stack, "it", {
      projectId: "shop",
      name: "shop",
      certificate: { mapId: "map", certificateIds: { "example.com": "c", "*.example.com": "w" } },
      backends: { server: SERVER },
      hosts: { "example.com": { defaultBackend: "server" } },
      deletionProtection: true,
      ...changes,
    }),
  [
    [
      "nothing to serve",
      { name: "Shop", backends: {}, hosts: {}, keepAliveSeconds: 1 },
      `name: "Shop" is not a valid name: ${NAME_RULE(52)}`,
      "backends: is empty: name one at least",
      "hosts: is empty: name one at least",
      "defaultBackend: is missing, and with buckets alone a load balancer cannot refuse by itself: name a bucket, which answers 404 for what it does not have",
      "keepAliveSeconds: is 1: give a whole number of seconds from 5 to 1200",
    ],
    [
      "bad backends, all at once",
      {
        backends: {
          server: {
            ...SERVER,
            securityPolicy: { none: " " },
            logSampleRate: 2,
            iap: { members: {} },
            responseHeaders: { "X Bad": "1", "strict-transport-security": "max-age=0" },
          },
          edge: {
            ...SERVER,
            securityPolicy: { securityPolicyId: "edge", isEdge: true },
            iap: { members: { all: "allUsers" } },
          },
          Idle: SERVER,
        },
        hosts: { "example.com": { defaultBackend: "server" }, "api.example.com": { defaultBackend: "edge" } },
      },
      'backends.server.responseHeaders["X Bad"]: is no header: "X Bad: 1": give a name of letters, digits and -, and a value in one line',
      'backends.server.responseHeaders["strict-transport-security"]: is one that the load balancer sets: leave it out, as hsts says its own',
      "backends.server.securityPolicy.none: is empty: give the reason, such as who may get through",
      "backends.server.logSampleRate: is 2: give a share from 0 to 1",
      "backends.server.iap: needs a service agent that google-beta alone can create: give the load balancer googleBeta",
      "backends.server.iap.members: is empty, so nobody gets through: name one",
      "backends.edge.securityPolicy: is a policy of the edge, which buckets alone take: give one without edge",
      "backends.edge.iap: needs a service agent that google-beta alone can create: give the load balancer googleBeta",
      "backends.edge.iap.members.all: is allUsers, everybody: name people or a group, or leave iap out",
      `backends.Idle: "shop-Idle-000000" is not a valid name: ${NAME_RULE(63)}`,
      "backends.Idle: gets no request, as no host leads to it: name it in a host's routes, or leave it out",
    ],
    [
      "a bucket behind IAP, or with what services have",
      {
        backends: {
          site: { ...SITE, ...SERVER, iap: { members: { a: "user:a@example.com" } } },
          data: {
            bucket: { ...SITE.bucket, isPublic: false },
            edgePolicy: { securityPolicyId: "policy", isEdge: false },
          },
        },
        hosts: { "example.com": { defaultBackend: "site" }, "a.example.com": { defaultBackend: "data" } },
        defaultBackend: "site",
      },
      "backends.site.service: is given for a bucket: leave it out, as it is for Cloud Run services",
      "backends.site.iap: is given for a bucket: leave it out, as it is for Cloud Run services",
      "backends.site.securityPolicy: is given for a bucket: leave it out, as it is for Cloud Run services",
      "backends.data.bucket: is private, so everybody would get 403: give one with publicRead",
      "backends.data.edgePolicy: acts before a backend service, and a bucket has none: give one with edge",
    ],
    [
      "times that Cloud CDN does not take",
      {
        backends: {
          a: { ...SITE, cdn: { cacheMode: "USE_ORIGIN_HEADERS", defaultTtl: 60 } },
          b: { ...SITE, cdn: { cacheMode: "FORCE_CACHE_ALL", maxTtl: 60 } },
          c: { ...SITE, cdn: { maxTtl: 60, clientTtl: -1, serveWhileStale: 1_000_000 } },
        },
        hosts: {
          "example.com": { defaultBackend: "a" },
          "b.example.com": { defaultBackend: "b" },
          "c.example.com": { defaultBackend: "c" },
        },
        defaultBackend: "a",
      },
      "backends.a.cdn.defaultTtl: is given for USE_ORIGIN_HEADERS: leave it out, or take another cacheMode",
      "backends.b.cdn.maxTtl: is given for FORCE_CACHE_ALL: leave it out, or take another cacheMode",
      "backends.c.cdn.clientTtl: is -1: give a whole number of seconds from 0 to 31536000",
      "backends.c.cdn.defaultTtl: is 3600, longer than maxTtl, 60: give both, the longer as maxTtl",
      "backends.c.cdn.serveWhileStale: is 1000000: give a whole number of seconds from 0 to 604800",
    ],
    [
      "bad hosts and paths, all at once",
      {
        hosts: {
          "example.com": { defaultBackend: "server" },
          "Example.com": {},
          "a.b.example.com": {},
          "www.example.com": {
            routes: [
              { paths: [], backend: "server" },
              { paths: ["api", "/a*", "/b/*", "/b/*"], backend: "serve", rewrite: "b" },
            ],
            defaultBackend: "site",
          },
        },
        defaultBackend: "none",
      },
      'hosts["Example.com"]: "Example.com" is no host: give one such as "api.example.com" or "*.example.com"',
      'hosts["a.b.example.com"]: has no certificate, so every TLS handshake would fail: add it to the certificate\'s domains, which are example.com, *.example.com',
      'hosts["www.example.com"].routes[0].paths: is empty: name one at least',
      'hosts["www.example.com"].routes[1].paths[0]: is "api": give a path such as "/health", or "/api/*" for all below it',
      'hosts["www.example.com"].routes[1].paths[1]: is "/a*": give a path such as "/health", or "/api/*" for all below it',
      'hosts["www.example.com"].routes[1].paths[3]: is "/b/*", which is there already: name it once',
      'hosts["www.example.com"].routes[1].backend: is "serve", which is no backend: give one of server',
      'hosts["www.example.com"].routes[1].rewrite: is "b": give what the path begins with instead, such as "/"',
      'hosts["www.example.com"].defaultBackend: is "site", which is no backend: give one of server',
      'defaultBackend: is "none", which is no backend: give one of server',
    ],
    [
      "a promise to browsers' lists that they do not take",
      { hsts: { maxAgeSeconds: 60, preload: true } },
      "hsts.maxAgeSeconds: is 60: give a whole number of seconds from 300",
      "hsts.preload: is on, and browsers' lists take a year with all subdomains alone: set includeSubdomains and a maxAgeSeconds of 31536000",
    ],
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

const told = { channels: ["team"], documentation: "Fails.", runbook: "https://example.com/runbooks/slo" };

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
          mixed: alert({
            conditions: [
              loadBalancerErrors({ above: 0.05 }),
              { displayName: "drift", log: "severity>=ERROR" },
            ],
          }),
        },
      },
      "alerts.silent.channels: is empty, so nobody is told: name one channel at least",
      'alerts.lost.channels[0]: is "slack", which is no channel here: use team, pager',
      'alerts.lost.runbook: is "runbooks/errors.md": give a URL that starts with https://',
      "alerts.empty.conditions: is empty: give one at least",
      "alerts.hasty.autoClose: is 60: give a whole number of seconds from 1800 to 604800",
      "alerts.hasty.duration: is 90: give whole minutes in seconds, from 0 to 84600",
      "alerts.mixed.conditions: has a condition on log entries beside others, which Google refuses: make an alert of it alone",
    ],
    [
      "an alert with the name of one of the level's",
      {
        observe: {
          level: "basic",
          name: "test",
          watched: { loadBalancer: {} },
          tell: ["team"],
          runbooks: "https://example.com/runbooks",
        },
        alerts: { "high-error-rate": alert() },
      },
      'alerts["high-error-rate"]: has the name of one of the level\'s: rename it, or change that by observe.thresholds or observe.adjust',
    ],
    [
      "objectives that nothing can meet, or nobody hears of",
      {
        objectives: {
          A_1: {
            displayName: "A",
            goal: 1,
            days: 31,
            sli: { total: "a", bad: "b" },
            fast: told,
            slow: { ...told, channels: [] },
          },
        },
      },
      'objectives.A_1: "A_1" is no id: use up to 64 lower-case letters, digits and -',
      "objectives.A_1.goal: is 1: give a share above 0 and up to 0.9999, such as 0.995",
      "objectives.A_1.days: is 31: give a whole number of days from 1 to 30",
      "objectives.A_1.slow.channels: is empty, so nobody is told: name one channel at least",
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

refuses<ProjectFactoryProps>(
  "ProjectFactory",
  (stack, changes) =>
    new ProjectFactory(stack, "it", {
      projectId: "acme-dev",
      displayName: "Acme",
      parent: { folderId: "1" },
      billingAccount: "012345-6789AB-CDEF01",
      ...changes,
    }),
  [
    [
      "ids, names and numbers that are none",
      {
        projectId: "Acme",
        displayName: "A",
        parent: { folderId: "folders/1" },
        billingAccount: "billingAccounts/1",
      },
      'projectId: is "Acme": use 6 to 30 lower-case letters, digits and -, first a letter, last no -',
      'displayName: is "A": use 4 to 30 letters, digits, spaces, -, \', " and !',
      'parent.folderId: is "folders/1": give the number, without folders/ or organizations/',
      'billingAccount: is "billingAccounts/1": give its id, such as 012345-6789AB-CDEF01',
    ],
    [
      "an organization without a number",
      { parent: { organizationId: "acme.com" } },
      'parent.organizationId: is "acme.com": give the number, without folders/ or organizations/',
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

const TOPIC_NAME = 'is not a valid name: use 3 to 255 letters, digits and -._~+%, first a letter, not "goog"';
const deadEnd = { topicId: "t", topicName: "t", subscriptions: {} };

refuses<PubSubTopicProps>(
  "PubSubTopic",
  (stack, changes) => new PubSubTopic(stack, "it", { projectId: "project", name: "orders", ...changes }),
  [
    [
      "names that Pub/Sub does",
      { name: "goog-orders", subscriptions: { a: {}, billing: { name: "1st" } } },
      `name: "goog-orders" ${TOPIC_NAME}`,
      `subscriptions.a: "a" ${TOPIC_NAME}`,
      `subscriptions.billing.name: "1st" ${TOPIC_NAME}`,
    ],
    [
      "times that Pub/Sub does",
      {
        retentionDays: 32,
        regions: [],
        subscriptions: {
          billing: {
            ackDeadlineSeconds: 5,
            retentionDays: 0,
            retryBackoffSeconds: { minimum: 60, maximum: 10 },
          },
        },
      },
      "retentionDays: is 32: give a whole number of days from 1 to 31",
      "regions: is empty: name one at least, or leave it out",
      "subscriptions.billing.ackDeadlineSeconds: is 5: give a whole number from 10 to 600",
      "subscriptions.billing.retentionDays: is 0: give a whole number of days from 1 to 31",
      "subscriptions.billing.retryBackoffSeconds.maximum: is 10: give a whole number from 60 to 600",
    ],
    [
      "a push in the clear, and one that must come once",
      {
        subscriptions: {
          events: { push: { url: "http://shop/events", serviceAccount: "a@p.iam" }, exactlyOnce: true },
        },
      },
      'subscriptions.events.push.url: is "http://shop/events": give an address such as "https://shop.example.com/events"',
      "subscriptions.events.exactlyOnce: is for those who pull: drop push, or let the endpoint tolerate a message that comes again",
    ],
    [
      "dead letters that would be lost, and nobody to forward them",
      { subscriptions: { billing: { deadLetters: { topic: deadEnd, maxDeliveryAttempts: 1 } } } },
      "subscriptions.billing.deadLetters.maxDeliveryAttempts: is 1: give a whole number from 5 to 100",
      "subscriptions.billing.deadLetters.topic: has no subscription, so messages would be lost there: give it one",
      "subscriptions.billing.deadLetters: needs Pub/Sub's service agent, which a provider has to create: give googleBeta",
    ],
    [
      "a publisher with the name of a subscription",
      { subscriptions: { billing: {} }, publishers: { billing: "serviceAccount:billing@p.iam" } },
      "publishers.billing: has the name of a subscription: give it another",
    ],
  ],
);

const REDIS_CONFIGS =
  "activedefrag, databases, lazyfree-lazy-eviction, lazyfree-lazy-expire, lazyfree-lazy-user-del, lazyfree-lazy-user-flush, lfu-decay-time, lfu-log-factor, maxmemory-clients, maxmemory-gb, maxmemory-policy, notify-keyspace-events, stream-node-max-bytes, stream-node-max-entries, timeout";

refuses<RedisProps>(
  "Redis",
  (stack, changes) =>
    new Redis(stack, "it", {
      projectId: "project",
      region: "us-central1",
      name: "cache",
      tier: "STANDARD_HA",
      memorySizeGb: 5,
      network: { networkId: "network", privateServicesConnection: {} as ServiceNetworkingConnection },
      deletionProtection: false,
      ...changes,
    }),
  [
    [
      "a password, which would stand in the state",
      { authEnabled: true },
      "authEnabled: makes a password that Terraform reads into its state, for whoever may plan: leave it out: TLS, the private address and the network's firewall keep others out",
    ],
    [
      "names, sizes and engines that there are not",
      { name: "Cache", memorySizeGb: 301, version: "REDIS_8_0" as "REDIS_7_2" },
      `name: "Cache" is not a valid name: ${NAME_RULE(40)}`,
      "memorySizeGb: is 301: give a whole number from 1 to 300",
      'version: is "REDIS_8_0", which Memorystore for Redis does not have: give REDIS_6_X, REDIS_7_0 or REDIS_7_2; later engines are Valkey',
    ],
    [
      "read replicas without replicas, or in too little memory",
      { tier: "BASIC", memorySizeGb: 4, readReplicas: true, replicaCount: 1 },
      "readReplicas: needs replicas: set tier to STANDARD_HA",
      "readReplicas: needs 5 GB, and memorySizeGb is 4: raise that, or leave readReplicas out",
      "replicaCount: is 1: set tier to STANDARD_HA",
    ],
    [
      "more replicas than one that do not answer reads",
      { replicaCount: 2 },
      "replicaCount: is 2: give 1, or switch readReplicas on, with which it may be up to 5",
    ],
    [
      "more read replicas than there can be",
      { readReplicas: true, replicaCount: 6 },
      "replicaCount: is 6: give a whole number from 1 to 5",
    ],
    [
      "a network without private services access, and a range that is no name of one",
      {
        network: { networkId: "n", privateServicesConnection: undefined },
        reservedIpRange: "10.0.0.0/29",
      },
      "network: has no private services access, of which the instance would have its address: give it privateServices, or set connectMode to DIRECT_PEERING",
      `reservedIpRange: "10.0.0.0/29" is not a valid name: ${NAME_RULE(63)}`,
    ],
    [
      "a range with too few addresses for read replicas",
      { connectMode: "DIRECT_PEERING", reservedIpRange: "10.0.0.0/29", readReplicas: true },
      'reservedIpRange: "10.0.0.0/29" has too few addresses: give a /28',
    ],
    [
      "a range that is none",
      { connectMode: "DIRECT_PEERING", reservedIpRange: "auto" },
      `reservedIpRange: "auto" ${RANGE_RULE}`,
    ],
    [
      "a second zone that is the first",
      { zone: "us-central1-a", alternativeZone: "us-central1-a" },
      "alternativeZone: is us-central1-a again: give another zone",
    ],
    [
      "a second zone for one node",
      { tier: "BASIC", alternativeZone: "us-central1-a" },
      "alternativeZone: is for a replica, and BASIC has none: drop it",
    ],
    [
      "parameters that Memorystore does not let one set, or not so",
      {
        version: "REDIS_6_X",
        configs: {
          "maxmemory-policy": "lru",
          "notify-keyspace-events": "x",
          activedefrag: "on",
          "lazyfree-lazy-expire": "yes",
          ...({ requirepass: "secret" } as object),
        },
      },
      'configs["maxmemory-policy"]: is "lru": give one of noeviction, allkeys-lfu, allkeys-lru, allkeys-random, volatile-lfu, volatile-lru, volatile-random, volatile-ttl',
      'configs["notify-keyspace-events"]: is "x": give its letters, K or E among them, such as "Ex"',
      'configs.activedefrag: is "on": give "yes" or "no"',
      'configs["lazyfree-lazy-expire"]: is not there in REDIS_6_X: take REDIS_7_0 or later',
      `configs.requirepass: is no parameter that Memorystore lets one set: take one of ${REDIS_CONFIGS}`,
    ],
    [
      "moments and windows that are none",
      {
        persistence: { snapshotPeriod: "ONE_HOUR", startTime: "03:00" },
        maintenanceWindow: { day: 8, hour: 24 },
      },
      'persistence.startTime: is "03:00": give a moment in UTC such as "2026-01-01T03:00:00Z"',
      "maintenanceWindow.day: is 8: give a whole number from 1 to 7",
      "maintenanceWindow.hour: is 24: give a whole number from 0 to 23",
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
      { target: { pubsub: { topic: { topicId: "t" } } }, attemptDeadlineSeconds: 60 },
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
      "a reader and a manager of versions with one name",
      { secrets: { a: { readers: { job: "user:a@b.com" }, versionManagers: { job: "user:a@b.com" } } } },
      "secrets.a.versionManagers.job: has the name of a reader: give it another",
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

refuses<RuntimeIdentityProps>(
  "RuntimeIdentity",
  (stack, changes) =>
    new RuntimeIdentity(stack, "it", {
      projectId: "p",
      accountId: "shop-prod",
      displayName: "Shop",
      ...changes,
    }),
  [
    [
      "what needs a prop that is missing, and names of its own",
      {
        accountId: "shop",
        databaseLogin: false,
        workloadPool: "p.svc.id.goog",
        secretIds: { pods: "a", roles: "b" },
      },
      'accountId: is "shop": use 6 to 30 lower-case letters, digits and -, first a letter, last no -',
      "databaseLogin: is false without an instance: give sqlInstance",
      "workloadPool: is given without pods: give pods",
      "secretIds.pods: is a name of the construct's own: give the secret another short name",
      "secretIds.roles: is a name of the construct's own: give the secret another short name",
    ],
  ],
);

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

refuses<ExternalSecretsProps>(
  "ExternalSecrets",
  (stack, changes) =>
    new ExternalSecrets(stack, "it", { version: "1.3.2", controlPlaneRanges: ["10.0.0.0/20"], ...changes }),
  [
    [
      "no range, with which the operator reaches nothing",
      { controlPlaneRanges: [] },
      "controlPlaneRanges: is empty, so the operator reaches nothing: give the nodes' range",
    ],
    [
      "what is no range",
      { controlPlaneRanges: ["10.0.0.7/20"] },
      'controlPlaneRanges[0]: "10.0.0.7/20" does not begin with its first address: give "10.0.0.0/20"',
    ],
  ],
);

const POOLER_IMAGE = `registry.example/pgbouncer@sha256:${"a".repeat(64)}`;
refuses<PgBouncerProps>(
  "PgBouncer",
  (stack, changes) => {
    new HelmProvider(stack, "helm", {});
    return new PgBouncer(stack, "it", {
      chart: new Chart("helm/pgbouncer"),
      name: "pooler",
      namespace: "shop",
      clients: { app: "api" },
      server: { instance: { connectionName: "p:r:db", privateIp: "10.3.0.3" } },
      login: { identity: { email: "a@p.iam.gserviceaccount.com", databaseUser: "a@p.iam" } },
      databases: { shop: {} },
      serverConnections: 100,
      image: POOLER_IMAGE,
      metricsImage: POOLER_IMAGE,
      ...changes,
    });
  },
  [
    [
      "numbers and names that are none",
      {
        name: "Pooler",
        serverConnections: 0,
        replicas: 0,
        maxClients: 0,
        minimum: -1,
        timeouts: { drain: -1 },
        databases: { pgbouncer: {}, shop: { poolSize: 0 } },
        image: "pgbouncer:1.24",
      },
      `name: "Pooler" is not a valid name: ${NAME_RULE(40)}`,
      "serverConnections: is 0: give a whole number from 1",
      "replicas: is 0: give a whole number from 1 to 100",
      "maxClients: is 0: give a whole number from 1 to 100000",
      "minimum: is -1: give a whole number from 0 to 10000",
      "timeouts.drain: is -1: give a whole number of seconds from 0 to 86400",
      "databases.pgbouncer: is no name for clients: use lower-case letters, digits and _, and not pgbouncer, its console's",
      "databases.shop.poolSize: is 0: give a whole number from 1 to 10000",
      'image: is "pgbouncer:1.24": give it by digest, @sha256:…',
    ],
    [
      "a pooler for nobody, to nothing, as nobody",
      { clients: {}, databases: {}, login: { identity: { email: "a@p.iam.gserviceaccount.com" } } },
      "databases: is empty: name a database",
      "clients: is empty, which is every pod: name a label of those that may connect",
      "login.identity: is no database user: give one with sqlInstance, or a password",
    ],
    [
      "a server that nobody can log in to or check",
      { server: { host: "db.example.com", ca: "none" } },
      "login.password: is missing, and only Cloud SQL's proxy logs in without: give it, or an instance as server",
      'server.host: is "db.example.com": give its private address, which the network policy names',
      "server.ca: is no certificate: give the authority's, PEM",
    ],
    [
      "more connections than the server has",
      { replicas: 3, reserve: 5, databases: { shop: { poolSize: 20 }, jobs: {} } },
      "serverConnections: is 100, of which 3 replicas may take 150: make pools or reserve smaller, or raise what the server has",
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
  "an SSL policy that is not made": [
    inStack(
      (stack) =>
        new CloudArmorPolicy(stack, "it", { projectId: "p", name: "web", sslPolicy: false }).sslPolicyName,
    ),
    "test/it: sslPolicy: is missing, so there is no SSL policy: give it",
  ],
  "the name of a revision that Cloud Run names": [
    inStack((stack) => {
      const registry = { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" };
      const image = { registry, name: "api", tag: "main" };
      return new CloudRunService(stack, "it", { ...SERVICE, image, deployedBy: "pipeline" }).revisionName;
    }),
    'test/it: deployedBy: is "pipeline", so Cloud Run names the revisions and Terraform knows none: leave it out, or ask Cloud Run',
  ],
  "a record of a zone that is there": [
    inStack((stack) => {
      const zone = new CloudDnsZone(stack, "it", {
        projectId: "p",
        name: "zone",
        zoneName: "example.com",
        records: { api: { type: "A", values: ["203.0.113.7"] } },
        deletionProtection: false,
      });
      zone.addRecord("api", { type: "A", values: ["203.0.113.8"] });
    }),
    "test/it: records.api: is there already: give another key",
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
      new KmsKeys(stack, "it", { projectId: "p", location: "us-central1", name: "ring", keys }).key("gke");
    }),
    'test/it: keys: has no key "gke": add it, or take one of sql, state',
  ],
  "a signing key that there is not": [
    inStack((stack) => {
      new GoogleProvider(stack, "google");
      new KmsKeys(stack, "it", { projectId: "p", location: "us-central1", name: "ring" }).signingKey("ci");
    }),
    'test/it: signingKeys: has no key "ci": add it',
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
  "a commitment in a stack with something else": [
    inStack((stack) => {
      new GoogleProvider(stack, "google");
      new ComputeNetwork(stack, "network", { name: "n" });
      new Commitment(stack, "it", {
        projectId: "p",
        region: "us-central1",
        name: "cud",
        type: "GENERAL_PURPOSE_E2",
        months: 36,
        vcpus: 4,
        memoryGb: 16,
      });
    }),
    "test/it: scope: is a stack that declares test/network too: declare the commitment in a stack of its own, which nobody destroys",
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
