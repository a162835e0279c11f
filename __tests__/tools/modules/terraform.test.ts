import "../../support/shared-modules";

import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { valueToHcl } from "../../../lib/hcl/value";
import type { Field, Shape } from "../../../tools/modules/fields";
import { moduleFiles, terraformModules } from "../../../tools/modules/files";
import {
  offlineModule,
  type ParsedModule,
  parseModule,
  wantedAttributes,
} from "../../support/offline-terraform";
import { inFolder, terraform, testWithTerraform } from "../../support/terraform";

const parsed = new Map<string, ParsedModule>();
beforeAll(async () => {
  for (const { definition } of terraformModules()) {
    const own = Object.entries(moduleFiles()).filter(([path]) => path.startsWith(`${definition.name}/`));
    parsed.set(definition.name, await parseModule(Object.fromEntries(own)));
  }
});

/** What `terraform plan` says to a root module that calls the modules, with no provider installed. */
async function plan(hcl: string): Promise<{ status: number | null; text: string }> {
  const root = await parseModule({ "main.tf": hcl });
  const wanted = wantedAttributes([root, ...parsed.values()]);
  const files = [...parsed].map(([name, module]) => [
    `modules/${name}/main.tf`,
    // As root modules, their elements are called what they are called inside.
    offlineModule(module, { wanted }).replace(/^output "provider_.*$/gm, ""),
  ]);
  return inFolder({ ...Object.fromEntries(files), "main.tf": hcl }, (folder) => {
    mkdirSync(join(folder, "charts"));
    cpSync("helm/plue", join(folder, "charts", "plue"), { recursive: true });
    terraform(folder, "init");
    const { status, stdout, stderr } = terraform(folder, "plan", "-compact-warnings");
    return { status, text: (stdout + stderr).replace(/\s+│\s+|\s+/g, " ") };
  });
}

/** A README's example with arguments put after, or in the place of, its own. */
function call(module: string, name: string, changes: string): string {
  const { example } = terraformModules().find(({ definition }) => definition.name === module)?.definition ?? {
    example: "",
  };
  const changed = new Set([...changes.matchAll(/^(\w+)/gm)].map(([, key]) => key as string));
  const kept = example
    .replace(/^module "\w+"/, `module "${name}"`)
    .replace(/^ {2}depends_on.*\n/m, "")
    .replace(/module\.network\.subnet_ids\["cluster"\]|module\.\w+\.\w+/g, '"10.3.0.3"')
    .replace(/^ {2}(\w+) +=(?: .*[^{[]| \{[\s\S]*?^ {2}\})$\n/gm, (argument, key: string) =>
      changed.has(key) ? "" : argument,
    );
  return kept.replace(/\}$/, `${changes.replace(/^/gm, "  ")}\n}`);
}

testWithTerraform("the READMEs' examples, put together, plan", async () => {
  const examples = terraformModules().map(({ definition }) => definition.example);
  const { status, text } = await plan(examples.join("\n\n"));
  expect([status, text]).toEqual([0, expect.stringContaining("Plan:")]);
});

const subnet = (rest: string) => `subnets = { a = { cidr = "10.0.0.0/16", ${rest} } }`;
const rule = (rest: string) => `firewall_rules = { a = { ${rest} } }`;
const pool = (rest: string) =>
  `node_pools = { a = { machine_type = "e2-medium", min_nodes = 1, max_nodes = 3, disk_size_gb = 50, ${rest} } }`;
const maintenance = (start: string, end: string, recurrence: string, exclusions = "") =>
  `maintenance_window = { start = "2024-01-06T${start}:00Z", end = "2024-01-06T${end}:00Z", recurrence = "${recurrence}", exclusions = { ${exclusions} } }`;
const exclusion = (start: string, end: string) =>
  `{ start = "2025-12-20T${start}", end = "2025-12-20T${end}" }`;
const record = (rest: string) => `records = { a = { ${rest} } }`;

/** What is said of a value that another variable makes wrong. */
const OF_SEVERAL =
  /zones of|two ranges|high_availability needs|from disk_size_gb|zone's name|is a map of|the network's|with the project|the primary|db-perf-optimized\.$/;

/** A module, an argument that is wrong, and what is said to it. */
const WRONG: readonly [module: string, argument: string, message: string][] = [
  ["networking", `subnets = { a = { cidr = "10.0.0.1/16" } }`, "subnets[*].cidr has to be an IPv4 range"],
  [
    "networking",
    subnet(`secondary_ranges = { pods = "10.1.0.0" }`),
    "subnets[*].secondary_ranges[*] has to be",
  ],
  [
    "networking",
    subnet(`flow_logs = { interval = "HOURLY" }`),
    "flow_logs.interval has to be INTERVAL_5_SEC",
  ],
  ["networking", subnet("flow_logs = { sampling = 2 }"), "flow_logs.sampling has to be above 0"],
  ["networking", `name = "Main"`, "name has to be at most 46"],
  ["networking", rule(`ranges = ["10.0.0.0/8"]`), "has to have either allow or deny"],
  ["networking", rule(`allow = [{ protocol = "tcp" }]`), "has to name sources or destinations"],
  [
    "networking",
    rule(`direction = "IN", ranges = ["10.0.0.0/8"], deny = [{ protocol = "all" }]`),
    "direction has to be INGRESS or EGRESS",
  ],
  ["networking", "nat = { static_addresses = 1.5 }", "nat.static_addresses has to be a whole number"],
  ["networking", "nat = { min_ports_per_vm = 65 }", "have to be powers of two"],
  [
    "networking",
    "nat = { min_ports_per_vm = 128, max_ports_per_vm = 64 }",
    "has to be above nat.min_ports_per_vm",
  ],
  ["networking", `private_services = { cidr = "10.3.0.0/28" }`, "private_services has to be from /8 to /24"],
  [
    "networking",
    `ingress_address = { scope = "zonal" }`,
    "ingress_address.scope has to be global or regional",
  ],
  [
    "networking",
    `subnets = { A = { cidr = "10.0.0.0/16" } }`,
    "subnets[*].name, or without it the network's and the key, has to be at most 63",
  ],
  [
    "networking",
    subnet(`secondary_ranges = { P = "10.1.0.0/16" }`),
    "secondary_ranges have to have names of",
  ],
  ["networking", `subnets = { a = { cidr = "fd00::/64" } }`, "subnets[*].cidr has to be an IPv4 range"],
  [
    "networking",
    `firewall_rules = { "-" = { ranges = ["10.0.0.0/8"], allow = [{ protocol = "tcp" }] } }`,
    "firewall_rules: the network's name and the key have to be",
  ],
  [
    "networking",
    rule(`ranges = ["10.0.0.1/8"], allow = [{ protocol = "tcp" }]`),
    "firewall_rules[*].ranges[*] has to be an IPv4 range",
  ],
  [
    "networking",
    rule(`ranges = ["10.0.0.0/8"], allow = [{ protocol = "icmp", ports = ["22"] }]`),
    "ports are of tcp, udp and sctp only",
  ],
  [
    "networking",
    rule(`direction = "EGRESS", ranges = ["10.0.0.0/8"], source_tags = ["a"], deny = [{ protocol = "all" }]`),
    "either tags or service accounts",
  ],
  ["networking", `ingress_address = { scope = "global", name = "In" }`, "ingress_address.name has to be"],
  ["gke-cluster", pool("min_nodes = 4"), "0 <= min_nodes <= max_nodes"],
  ["gke-cluster", pool(`sandbox = "gvisor"`), "one without sandbox has to have min_nodes"],
  ["gke-cluster", pool(`sandbox = "kata"`), "sandbox has to be gvisor"],
  ["gke-cluster", pool(`labels = { pool = "x" }`), "the label pool is set"],
  [
    "gke-cluster",
    pool(`taints = [{ key = "a", value = "b", effect = "NO" }]`),
    "effect has to be NO_SCHEDULE",
  ],
  ["gke-cluster", pool(`node_locations = ["europe-west1-b"]`), "have to be zones of the cluster's region"],
  ["gke-cluster", "control_plane = { dns_endpoint = false }", "nobody reaches the cluster"],
  [
    "gke-cluster",
    `control_plane = { authorized_networks = { all = "0.0.0.0/0" } }`,
    "not all of the internet",
  ],
  ["gke-cluster", "control_plane = { authorized_networks = {} }", "names no range"],
  [
    "gke-cluster",
    `control_plane = { authorized_networks = { office = "203.0.113.7" } }`,
    "authorized_networks[*] has to be an IPv4 range",
  ],
  ["gke-cluster", pool("upgrade = { max_surge = 0, max_unavailable = 0 }"), "no upgrade could start"],
  ["gke-cluster", pool("node_locations = []"), "node_locations has to name a zone"],
  [
    "gke-cluster",
    `node_pools = { "a_b" = { machine_type = "e2-medium", min_nodes = 1, max_nodes = 3, disk_size_gb = 50 } }`,
    "node_pools: keys have to be",
  ],
  ["gke-cluster", maintenance("02:00", "09:00", "FREQ=MONTHLY"), "recurrence has to be FREQ=DAILY or"],
  ["gke-cluster", maintenance("02:00", "05:00", "FREQ=DAILY"), "4 to 24 hours apart"],
  ["gke-cluster", maintenance("02:00", "13:00", "FREQ=WEEKLY;BYDAY=SU"), "at least 12 with one day"],
  ["gke-cluster", maintenance("02:00", "7 am", "FREQ=DAILY"), "have to be times in UTC"],
  [
    "gke-cluster",
    maintenance("02:00", "09:00", "FREQ=DAILY", `a = ${exclusion("02:00:00Z", "01:00:00Z")}`),
    "maintenance_window.exclusions[*]: start and end have to be times",
  ],
  [
    "gke-cluster",
    maintenance(
      "02:00",
      "09:00",
      "FREQ=DAILY",
      ["a", "b", "c", "d"].map((name) => `${name} = ${exclusion("01:00:00Z", "02:00:00Z")}`).join(", "),
    ),
    "GKE takes 3 of all upgrades",
  ],
  ["gke-cluster", `services_range = "pods"`, "have to be two ranges"],
  ["cloud-sql", `tier = "db-n1-standard-1"`, "tier has to be a machine type for PostgreSQL"],
  ["cloud-sql", "backup = { retained = 3, point_in_time_recovery = false }", "high_availability needs"],
  [
    "cloud-sql",
    `backup = { retained = 3, point_in_time_recovery = true, start_time = "3am" }`,
    "start_time has to be HH:MM",
  ],
  [
    "cloud-sql",
    "backup = { retained = 3, point_in_time_recovery = true, transaction_log_retention_days = 7 }",
    "cannot be above backup.retained",
  ],
  ["cloud-sql", `database_flags = { "cloudsql.iam_authentication" = "on" }`, "use iam_authentication"],
  ["cloud-sql", "disk_autoresize_limit_gb = 20", "a whole number from disk_size_gb to 65536"],
  ["cloud-sql", `name = "Main"`, "and with the project at most 97 of them"],
  ["cloud-sql", "replicas = { R = {} }", "replicas[*].name, or without it the primary's and the key"],
  [
    "cloud-sql",
    `encryption_key_id = "k"\nreplicas = { r = { region = "europe-west1" } }`,
    "the primary is encrypted",
  ],
  [
    "cloud-sql",
    "backup = { retained = 9, point_in_time_recovery = true, transaction_log_retention_days = 8 }",
    "to 35 with a tier of db-perf-optimized.",
  ],
  ["cloud-sql", `database_flags = { max_connections = "many" }`, "max_connections has to be 14 to 262143"],
  ["cloud-sql", `ssl_mode = "ALLOW"`, "ssl_mode has to be"],
  [
    "dns",
    record(`name = "api.example.com", type = "A", content = "203.0.113.7"`),
    "leave the zone's name out",
  ],
  ["dns", record(`type = "TXT", content = "x", proxied = true`), "only A, AAAA and CNAME can be proxied"],
  [
    "dns",
    record(`name = "a.b", type = "A", content = "203.0.113.7", proxied = true`),
    "order an advanced one",
  ],
  ["dns", record(`name = "a b", type = "A", content = "203.0.113.7"`), "has to be labels of a-z"],
  [
    "dns",
    `records = { a = { type = "CNAME", content = "b.example.net" }, b = { name = "a", type = "TXT", content = "x" } }`,
    "a CNAME has its name alone",
  ],
  ["dns", record(`type = "A", content = "203.0.113"`), "an IPv4 address in A records"],
  ["dns", record(`type = "AAAA", content = "203.0.113.7"`), "an IPv6 address in AAAA records"],
  ["dns", record(`type = "CNAME", content = "b.example.net."`), "a full host name without a dot at the end"],
  ["dns", record(`type = "TXT", content = ""`), "some text in TXT records"],
  ["dns", record(`type = "MX", content = "mx.example.net"`), "MX records have a priority"],
  ["dns", record(`type = "A", content = "203.0.113.7", ttl = 5`), "ttl has to be 60 to 86400"],
  [
    "staging-namespace",
    `names = { namespace = "Al", database = "d", runtime_email = "r", database_user = "u", deployer_email = "d", host_label = "a.b" }`,
    "names.namespace has to be at most 63",
  ],
  ["staging-namespace", `quota = { memory = "lots" }`, "quota.memory has to be an amount of bytes"],
  [
    "staging-namespace",
    `image_digests = { other = "sha256:0" }`,
    "image_digests is a map of zig-api, runner, ui",
  ],
];

// Terraform asks rules about one variable first, and the others only where those hold.
const OF_ONE = WRONG.filter(([, , message]) => !OF_SEVERAL.test(message));
const OF_TWO = WRONG.filter(([, , message]) => OF_SEVERAL.test(message));

testWithTerraform.each([
  ["values", OF_ONE],
  ["values beside another's", OF_TWO],
])("wrong %s are refused by the variables, each in its own words", async (_, wrong) => {
  const calls = wrong.map(([module, argument], index) => call(module, `wrong_${index}`, argument));
  const { status, text } = await plan(calls.join("\n\n"));
  expect(status).toBe(1);
  for (const [module, argument, message] of wrong)
    expect([module, argument, text]).toEqual([module, argument, expect.stringContaining(message)]);
});

/** Arguments that leave out what they may, and have something in each optional object. */
const SPARSE: Readonly<Record<string, object>> = {
  networking: {
    project_id: "p",
    region: "us-central1",
    name: "main",
    subnets: { a: { cidr: "10.0.0.0/16" }, b: { cidr: "10.1.0.0/16", flow_logs: {} } },
    firewall_rules: { a: { ranges: ["10.0.0.0/8"], allow: [{ protocol: "tcp" }] } },
    nat: {},
    private_services: {},
    ingress_address: { scope: "global" },
  },
  "gke-cluster": {
    project_id: "p",
    region: "us-central1",
    name: "main",
    network_id: "n",
    subnet_id: "s",
    pods_range: "pods",
    services_range: "services",
    node_pools: {
      a: { machine_type: "e2-medium", min_nodes: 1, max_nodes: 3, disk_size_gb: 50 },
      b: { machine_type: "e2-medium", min_nodes: 0, max_nodes: 3, disk_size_gb: 50, sandbox: "gvisor" },
    },
    control_plane: {},
    maintenance_window: {
      start: "2024-01-06T02:00:00Z",
      end: "2024-01-06T08:00:00Z",
      recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      exclusions: { a: { start: "2025-12-20T00:00:00Z", end: "2026-01-02T00:00:00Z" } },
    },
    release_channel: "STABLE",
    deletion_protection: true,
  },
  "cloud-sql": {
    project_id: "p",
    region: "us-central1",
    name: "main",
    network_id: "n",
    tier: "db-f1-micro",
    high_availability: false,
    disk_size_gb: 10,
    backup: { retained: 7, point_in_time_recovery: true },
    query_insights: {},
    maintenance_window: { day: 7, hour: 3 },
    replicas: { r: {} },
    admin: { name: "root", secret_id: "s", password_version: 1 },
    deletion_protection: false,
  },
  dns: { zone_id: "z", zone_name: "example.com", records: { a: { type: "A", content: "203.0.113.7" } } },
};

/** The same, with null for all that is left out, at every depth. */
function withNulls(value: unknown, fields: readonly Field[]): object {
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    fields.flatMap(({ name, shape, optional }) => {
      if (Object.hasOwn(given, name)) return [[name, nullsInside(given[name], shape)]];
      return optional ? [[name, null]] : [];
    }),
  );
}

function nullsInside(value: unknown, shape: Shape): unknown {
  if (shape.kind === "object") return withNulls(value, shape.fields);
  if (shape.kind !== "map" && shape.kind !== "list") return value;
  if (Array.isArray(value)) return value.map((item) => nullsInside(item, shape.item));
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([key, item]) => [key, nullsInside(item, shape.item)]));
}

function callWith(module: string, values: object): string {
  const all = Object.entries({ source: `./modules/${module}`, ...values });
  return `module "it" {\n${all.map(([name, value]) => `${name} = ${valueToHcl(value, "template", 0)}`).join("\n")}\n}`;
}

testWithTerraform.each(Object.entries(SPARSE))(
  "%s takes null as what is left out, whole variables and parts of them",
  async (module, values) => {
    const { fields = [] } = terraformModules().find(({ definition }) => definition.name === module) ?? {};
    const required = fields.filter(({ optional }) => !optional);
    const bare = Object.fromEntries(
      Object.entries(values).filter(([key]) => required.some(({ name }) => name === key)),
    );
    for (const given of [values, bare]) {
      const leftOut = await plan(callWith(module, given));
      expect([leftOut.status, leftOut.text]).toEqual([0, expect.stringContaining("Plan:")]);
      expect(await plan(callWith(module, withNulls(given, fields)))).toEqual(leftOut);
    }
  },
);

testWithTerraform("values that only an apply knows do not stop a plan", async () => {
  const later = "${terraform_data.later.id}";
  const { networking, "gke-cluster": cluster, "cloud-sql": sql, dns } = SPARSE;
  const calls = [
    callWith("networking", { ...networking, project_id: later, labels: { a: later } }),
    callWith("gke-cluster", {
      ...cluster,
      project_id: later,
      network_id: later,
      subnet_id: later,
      database_encryption_key_id: later,
      control_plane: { authorized_networks: { nat: `${later}/32` } },
    }),
    callWith("cloud-sql", {
      ...sql,
      project_id: later,
      network_id: later,
      encryption_key_id: later,
      replicas: { far: { region: "europe-west1", encryption_key_id: later } },
      admin: { name: "root", secret_id: later, password_version: 1, secret_encryption_key_id: later },
    }),
    callWith("dns", {
      ...dns,
      zone_id: later,
      records: {
        a: { type: "A", content: later, proxied: true },
        t: { type: "TXT", content: later },
        c: { type: "CNAME", content: later },
      },
    }),
  ].map((hcl, index) => hcl.replace('module "it"', `module "it_${index}"`));
  const { status, text } = await plan(`resource "terraform_data" "later" {}\n${calls.join("\n")}`);
  expect([status, text]).toEqual([0, expect.stringContaining("Plan:")]);
});
