import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOCK_FILE } from "../../lib/core/provider-lock";
import { argument, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";
import { readMachineType } from "../../lib/google/machine-types";
import { namedStacks } from "../../tools/doctor/prerequisites";
import { FakeCloudflare } from "../support/fake-cloudflare";
import { describeWithFakeGcs } from "../support/fake-gcs";
import { FakeGoogle } from "../support/fake-google";
import { FakeSecretManager } from "../support/fake-secret-manager";
import { pretendAuthPlugin } from "../support/gke-auth-plugin";
import { PlueFolder, vouched } from "../support/plue";
import { synthesizeProgram } from "../support/program";
import { checkable, commandProblem, fenced } from "../support/shell-commands";

const page = readFileSync("docs/first-deployment.md", "utf8");
const steps = page.split(/^(?=## \d)/m).slice(1);
const commandsIn = (text: string) =>
  fenced(text, "sh")
    .flatMap((block) => block.split("\n"))
    .map((line) => line.trim())
    .filter(Boolean);
const stacks: ReadonlyMap<string, TerraformJson> = new Map(
  [...synthesizeProgram()].map(([name, { json }]) => [name, json as TerraformJson]),
);

test("each step says who takes it and by which right, before its first command", () => {
  expect(steps).toHaveLength(8);
  for (const step of steps) {
    const [, who = ""] = /^## \d\. .*\n\n\*\*Who\.\*\* ((?:.+\n)+)/.exec(step) ?? [];
    expect([step.split("\n")[0], who]).toEqual([
      expect.anything(),
      expect.stringMatching(/`roles\/|owner|administrator|deployer|needs nothing/),
    ]);
  }
});

test("every shared stack is deployed, and an engineer's, each once and after doctor looked at it", () => {
  const commands = commandsIn(page);
  const deployed = commands.flatMap((line) => /^npx cdktf deploy (\S+)$/.exec(line)?.[1] ?? []);
  expect([...deployed].sort()).toEqual([...stacks.keys()].filter((stack) => stack !== "staging-bob").sort());
  for (const stack of deployed)
    expect(commands.indexOf(`npx plue doctor ${stack}`)).toBeLessThan(
      commands.indexOf(`npx cdktf deploy ${stack}`),
    );
});

test.each([
  ["staging-base", "staging"],
  ["production", "production"],
])("quotas on the page are what the node pools of %s may grow to", (stack, environment) => {
  const pools = blocksOf(stacks.get(stack) as TerraformJson).filter(
    ({ type }) => type === "google_container_node_pool",
  );
  const total = (each: (args: unknown) => number) =>
    pools
      .reduce(
        (sum, { args }) => sum + Number(argument(args, "autoscaling", "total_max_node_count")) * each(args),
        0,
      )
      .toLocaleString("en");
  const vcpus = total((args) => readMachineType(String(argument(args, "node_config", "machine_type"))).vcpus);
  const disk = total((args) => Number(argument(args, "node_config", "disk_size_gb")));
  const [sentence = ""] = /Node pools grow to [^.]*\./.exec(page.replaceAll(/\s+/g, " ")) ?? [];
  expect(sentence.replaceAll(" of SSD", "")).toContain(
    environment === "staging"
      ? `${vcpus} vCPU and ${disk} GB in staging`
      : `${vcpus} vCPU and ${disk} GB in production`,
  );
});

describe("what the table at the end names", () => {
  const sources = ["lib", "stacks/plue"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(folder, file), "utf8")),
  );
  const [, table = ""] = page.split("## What has to be true before");
  const named = [...table.matchAll(/^\| [^|]+ \| ([^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );

  // As docstrings put what somebody else has to see to.
  const preconditions =
    /(?:made|enabled|added) by hand|[Ww]hoever (?:applies|uses) (?:it|this) needs|Needs\s+(?:\*\s+)?\w+\.googleapis\.com|has to be deployed before|must exist:|Rules made by hand|`plue bootstrap` (?:makes|has written|enables)|adds each value once/;
  const stated = sources
    .filter((source) => preconditions.test(source))
    .map((source) =>
      [...source.matchAll(/^export (?:abstract )?class (\w+)/gm)].map(([, name = ""]) => name),
    );

  test("is at least every construct whose docstring states a precondition", () => {
    expect(stated.length).toBeGreaterThan(8);
    expect(
      stated.filter((classes) => classes.length > 0 && !classes.some((name) => named.includes(name))),
    ).toEqual([]);
  });

  test.each([...new Set(named)])("%s is a class", (name) => {
    expect(
      sources.some((source) => new RegExp(`^export (?:abstract )?class ${name}\\b`, "m").test(source)),
    ).toBe(true);
  });
});

const PROJECT_NUMBER = "123456789012";
const PRIVATE_KEY = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();
/** Nobody on the page impersonates anybody: an engineer's stack does. */
const HER_OWN = { type: "authorized_user", refresh_token: "of-nobody" };

/** An installation as it comes into being while somebody follows the page. */
class World {
  readonly deployed = new Set<string>();
  readonly printed: string[] = [];
  private environment: Record<string, string> = {};

  private constructor(
    readonly folder: PlueFolder,
    readonly google: FakeGoogle,
    readonly secrets: FakeSecretManager,
    readonly cloudflare: FakeCloudflare,
  ) {
    pretendAuthPlugin(folder.folder);
    for (const [tool, prints] of [
      ["terraform", '{"terraform_version": "1.11.4"}'],
      ["gcloud", "Google Cloud SDK 528.0.0"],
    ] as const)
      writeFileSync(join(folder.folder, tool), `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });
    writeFileSync(join(folder.folder, "credentials.json"), JSON.stringify(HER_OWN));
    writeFileSync(join(folder.folder, LOCK_FILE), readFileSync(LOCK_FILE, "utf8"));
  }

  static async create(): Promise<World> {
    return new World(
      new PlueFolder(),
      await FakeGoogle.start(PROJECT_NUMBER),
      await FakeSecretManager.start(),
      await FakeCloudflare.start(),
    );
  }

  async end(): Promise<void> {
    this.folder.remove();
    await Promise.all([this.google.stop(), this.secrets.stop(), this.cloudflare.stop()]);
  }

  /** Sets variables as `export` does. */
  export(name: string, value: string): void {
    this.environment[name] = value;
  }

  /** Runs `plue`, and keeps what it prints. */
  async plue(args: readonly string[], input = "") {
    const { folder, google, secrets, cloudflare } = this;
    const { PATH } = process.env;
    const run = await folder.plue(
      args,
      {
        ...google.environment,
        PATH: `${folder.folder}:${PATH}`,
        HOME: folder.folder,
        TF_PLUGIN_CACHE_DIR: folder.folder,
        TERRAFORM_BINARY_NAME: "terraform",
        GOOGLE_APPLICATION_CREDENTIALS: join(folder.folder, "credentials.json"),
        SECRET_MANAGER_EMULATOR_HOST: secrets.host,
        CLOUDFLARE_BASE_URL: cloudflare.url,
        CLOUDFLARE_API_TOKEN: "",
        GITHUB_TOKEN: "",
        ...this.environment,
      },
      input,
    );
    this.printed.push(run.stdout + run.stderr);
    return run;
  }

  /** What an apply leaves behind: a state, secrets without values, one with a value where Terraform makes it. */
  async deploy(stack: string): Promise<void> {
    this.deployed.add(stack);
    const blocks = blocksOf(stacks.get(stack) as TerraformJson);
    const versions = JSON.stringify(
      stacks.get(stack)?.resource?.["google_secret_manager_secret_version"] ?? {},
    );
    for (const { type, address, args } of blocks)
      if (type === "google_secret_manager_secret")
        this.secrets.declare(
          `${args["project"]}/${args["secret_id"]}`,
          ...(versions.includes(`${address}.`) ? [0] : []),
        );
    const resources = blocks.map(({ type, name }) => ({ mode: "managed", type, name, instances: [{}] }));
    const state = {
      version: 4,
      terraform_version: "1.11.4",
      serial: 1,
      lineage: "of-nobody",
      outputs: {},
      resources,
    };
    await this.google.gcs.put("plue-terraform-state", `${stack}/default.tfstate`, JSON.stringify(state));
  }

  /** Everything of a type that was deployed. */
  made(type: string) {
    return [...this.deployed].flatMap((stack) =>
      blocksOf(stacks.get(stack) as TerraformJson).filter((block) => block.type === type),
    );
  }
}

/** ClusterRoles that a stack binds and no stack makes: Kubernetes has them, or the platform chart. */
function missingRoles(stack: string, { deployed, made }: World, world: World): string[] {
  const templates = readdirSync("helm/platform/templates")
    .map((file) => readFileSync(join("helm/platform/templates", file), "utf8"))
    .join("\n");
  const makers = made
    .call(world, "kubernetes_cluster_role_v1")
    .map(({ args }) => argument(args, "metadata", "name"));
  const chart = deployed.has("staging-platform") ? templates : "";
  return blocksOf(stacks.get(stack) as TerraformJson)
    .filter(
      ({ type, args }) =>
        type.includes("role_binding") && argument(args, "role_ref", "kind") === "ClusterRole",
    )
    .map(({ args }) => String(argument(args, "role_ref", "name")))
    .filter((role) => role !== "view" && !makers.includes(role) && !chart.includes(`name: ${role}\n`));
}

/** What follows a command of this kind: true where it was one. */
type Action = (world: World, match: RegExpExecArray) => Promise<void> | void;

const ACTIONS: readonly (readonly [RegExp, Action])[] = [
  [
    /^npx plue lock$/,
    ({ folder }) => {
      // Of a registry, which is not here; what the command makes of its answers has tests of its own.
      writeFileSync(join(folder.folder, LOCK_FILE), vouched(readFileSync(LOCK_FILE, "utf8")));
    },
  ],
  [
    /^npx plue init$/,
    async (world) => {
      const values = {
        cloudflareZoneId: "0123456789abcdef0123456789abcdef",
        billingAccount: "012345-567890-ABCDEF",
        githubOwnerId: "1234567",
        "staging.projectNumber": PROJECT_NUMBER,
        "production.projectNumber": PROJECT_NUMBER,
      };
      const flags = Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
      expect(await world.plue(["init", ...flags])).toMatchObject({ status: 0 });
    },
  ],
  [
    /^npx plue doctor$/,
    async (world) => {
      const { stdout } = await world.plue(["doctor", "--json"]);
      const checks: { name: string; ok: boolean; needed: boolean }[] = JSON.parse(stdout);
      expect(checks.filter(({ ok, needed }) => needed && !ok).map(({ name }) => name)).toEqual([
        "state bucket",
      ]);
    },
  ],
  [
    /^npx plue doctor (\S+)$/,
    async (world, [, stack = ""]) => {
      expect(await world.plue(["doctor", stack])).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/\nReady to deploy\.\n$/),
      });
    },
  ],
  [
    /^npx plue bootstrap (\S+)$/,
    async (world, [, environment = ""]) => {
      const { status, stderr } = await world.plue(["bootstrap", environment, "--yes"]);
      expect([status, stderr]).toEqual([0, expect.stringContaining("is ready for Terraform")]);
      expect(stderr).not.toContain("projectNumber");
    },
  ],
  [
    /^npx cdktf deploy (\S+)$/,
    async (world, [, stack = ""]) => {
      const unmet = [...namedStacks(stack, stacks)].filter((before) => !world.deployed.has(before));
      expect([stack, unmet, missingRoles(stack, world, world)]).toEqual([stack, [], []]);
      // Who may only read it must find a state, so that of a shared stack is there before its first deployment.
      if (stack !== "staging-alice")
        expect(
          JSON.parse(await world.google.gcs.get("plue-terraform-state", `${stack}/default.tfstate`))
            .resources,
        ).toEqual([]);
      await world.deploy(stack);
    },
  ],
  [
    /^npx plue secrets set (\S+) (\S+)(?: < \S+)?$/,
    async (world, [, environment = "", secret = ""]) => {
      const value = secret === "github-app-private-key" ? PRIVATE_KEY : `sk-${"a".repeat(40)}`;
      expect(await world.plue(["secrets", "set", environment, secret], value)).toMatchObject({ status: 0 });
    },
  ],
  [
    /^npx plue secrets list (\S+)$/,
    async (world, [, environment = ""]) => {
      const { status, stdout } = await world.plue(["secrets", "list", environment]);
      expect([status, stdout]).toEqual([0, expect.not.stringContaining("missing")]);
    },
  ],
  [
    /^docker push ([\w-]+)-docker\.pkg\.dev\/([^/]+)\/([^/]+)\/(\S+)$/,
    (world, [, location, project, repository, image = ""]) => {
      const registries = world
        .made("google_artifact_registry_repository")
        .map(({ args }) => [args["location"], args["project"], args["repository_id"]]);
      expect(registries).toContainEqual([location, project, repository]);
      world.google.images.add(image);
    },
  ],
  [
    /^export (\w+)=(.*)$/,
    (world, [, name = "", value = ""]) => {
      world.export(name, value);
    },
  ],
  [
    /^gcloud beta monitoring channels list --project=plue-prod /,
    (world) => {
      const [, name = ""] = /`list` prints `([^`]+)`/.exec(page) ?? [];
      world.google.channels.add(name);
    },
  ],
  [
    /^kubectl logs -n (\S+) /,
    (world, [, namespace]) => {
      const namespaces = world
        .made("kubernetes_namespace_v1")
        .map(({ args }) => argument(args, "metadata", "name"));
      expect(namespaces).toContain(namespace);
    },
  ],
  [
    /^gcloud (?:container clusters get-credentials|sql users) .*$/,
    (world, [line]) => {
      const [, instance, cluster] = /--instance=(\S+)|get-credentials (\S+)/.exec(line) ?? [];
      const type = instance ? "google_sql_database_instance" : "google_container_cluster";
      expect(world.made(type).map(({ args }) => args["name"])).toContain(instance ?? cluster);
    },
  ],
  // Asked of tools that are not here; that they take them is checked for every command.
  [/^(?:npm ci|gcloud |npx plue ci (?:smoke|branch-rules))/, () => {}],
];

describeWithFakeGcs("the page", () => {
  test("walked from nothing, command by command, finds at each what those before it made", async () => {
    const world = await World.create();
    try {
      for (const line of commandsIn(page)) {
        if (checkable(line)) expect(commandProblem(line)).toBeUndefined();
        const found = ACTIONS.find(([pattern]) => pattern.test(line));
        if (!found) throw new Error(`nothing here knows what ${line} does`);
        const [pattern, act] = found;
        try {
          await act(world, pattern.exec(line) as RegExpExecArray);
        } catch (error) {
          throw new Error(`${line}\n${(error as Error).message}\n${world.printed.at(-1) ?? ""}`);
        }
      }
      expect(world.deployed.size).toBe(stacks.size - 1);
    } finally {
      await world.end();
    }
  });
});
