import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { moduleFiles, terraformModules } from "../../../lib/modules";
import {
  offlineModule,
  type ParsedModule,
  parseModule,
  wantedAttributes,
} from "../../support/offline-terraform";
import { inFolder, terraform, testWithTerraform } from "../../support/terraform";

jest.setTimeout(180_000);

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
const record = (rest: string) => `records = { a = { ${rest} } }`;

/** What is said of a value that another variable makes wrong. */
const OF_SEVERAL = /zones of|two ranges|high_availability needs|disk_size_gb or more|zone's name|is a map of/;

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
  ["cloud-sql", "disk_autoresize_limit_gb = 20", "has to be disk_size_gb or more"],
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
  ["dns", record(`type = "MX", content = "mx.example.net"`), "MX records have a priority"],
  ["dns", record(`type = "A", content = "203.0.113.7", ttl = 5`), "ttl has to be 60 to 86400"],
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
