import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithFakeGcs, FakeGcs } from "../support/fake-gcs";
import { testWith } from "../support/needs";
import { PlueFolder } from "../support/plue";
import { commandsOf, fenced } from "../support/shell-commands";
import { testWithTerraform } from "../support/terraform";

/** Follows the runbooks about state, command by command, with Terraform's own gcs backend and an emulator of the bucket. */
const BUCKET = "plue-terraform-state";
const STACK = "staging-alice";
const testWithGcloud = testWith("gcloud", "terraform");

const page = (name: string) => readFileSync(`docs/runbooks/${name}.md`, "utf8");
/** The command of a page that has this in it. */
const command = (name: string, part: string) => {
  const found = commandsOf(page(name)).find((line) => line.includes(part));
  if (!found) throw new Error(`${name} has no ${part}`);
  return found;
};

describeWithFakeGcs("the runbook", () => {
  let gcs: FakeGcs;
  let folder: PlueFolder;
  let environment: Record<string, string>;

  beforeEach(async () => {
    gcs = await FakeGcs.start();
    await gcs.createBucket(BUCKET, { versioning: { enabled: true } });
    folder = new PlueFolder();
    environment = {
      STORAGE_EMULATOR_HOST: gcs.url,
      GOOGLE_OAUTH_ACCESS_TOKEN: "of-nobody",
      TF_CLI_CONFIG_FILE: "/dev/null",
      CHECKPOINT_DISABLE: "1",
      CLOUDSDK_CONFIG: join(folder.folder, "gcloud"),
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${gcs.url}/storage/v1/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: "true",
      CLOUDSDK_CORE_PROJECT: "test",
    };
    declare("one");
    shell(`terraform -chdir=cdktf.out/stacks/${STACK} init`);
  });
  afterEach(async () => {
    folder.remove();
    await gcs.stop();
  });

  /** A stack of one resource, and of one that takes its time if it is to be interrupted. */
  function declare(input: string, slow = false): void {
    const stack = join(folder.folder, "cdktf.out/stacks", STACK);
    mkdirSync(stack, { recursive: true });
    const sleeping = { slow: { provisioner: { "local-exec": { command: "sleep 3600" } } } };
    writeFileSync(
      join(stack, "cdk.tf.json"),
      JSON.stringify({
        terraform: { backend: { gcs: { bucket: BUCKET, prefix: STACK } } },
        resource: { terraform_data: { database: { input }, ...(slow && sleeping) } },
      }),
    );
  }

  /** A line of a page, with an answer to what it asks. */
  function shell(line: string, input = ""): { status: number | null; text: string } {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", line], {
      cwd: folder.folder,
      input,
      encoding: "utf8",
      env: { ...process.env, ...environment },
    });
    return { status, text: stdout + stderr };
  }
  const terraform = (words: string) => shell(`terraform -chdir=cdktf.out/stacks/${STACK} ${words} -no-color`);
  const status = async () => {
    const { stdout } = await folder.plue(["status", "--json"], environment);
    return JSON.parse(stdout).environments.find(({ stack }: { stack: string }) => stack === STACK);
  };

  testWithTerraform(
    "stuck-lock takes a killed apply's lock away, and the next apply goes through",
    async () => {
      declare("one", true);
      const apply = spawn(
        "terraform",
        [`-chdir=cdktf.out/stacks/${STACK}`, "apply", "-auto-approve", "-no-color"],
        {
          cwd: folder.folder,
          env: { ...process.env, ...environment },
          detached: true,
        },
      );
      for await (const chunk of apply.stdout) if (String(chunk).includes("(local-exec)")) break;
      process.kill(-(apply.pid as number), "SIGKILL");
      if (apply.exitCode === null && apply.signalCode === null) await once(apply, "exit");

      declare("one");
      expect(terraform("plan").text).toContain("Error acquiring the state lock");
      const { lock } = await status();
      expect(lock.operation).toBe("OperationTypeApply");
      const printed = (await folder.plue(["status"], environment)).stdout;
      expect(printed).toContain(`terraform -chdir=cdktf.out/stacks/${STACK} force-unlock ${lock.id}`);

      const unlock = command("stuck-lock", "force-unlock").replace(/\d{6,}/, lock.id);
      expect(shell(unlock, "no\n").status).not.toBe(0);
      expect(shell(unlock, "yes\n")).toMatchObject({ status: 0 });
      expect((await status()).lock).toBeNull();
      expect(terraform("apply -auto-approve").status).toBe(0);
    },
  );

  testWithGcloud("lost-state-bucket puts an earlier version of a state back", async () => {
    terraform("apply -auto-approve");
    const good = await gcs.generation(BUCKET, `${STACK}/default.tfstate`);
    await gcs.put(BUCKET, `${STACK}/default.tfstate`, "{ cut off");
    expect((await status()).condition).toBe("unreadable");
    expect(terraform("plan").status).not.toBe(0);

    const copy = (to: string, generation: string) =>
      command("lost-state-bucket", `#1795270335749049 ${to}`)
        .replaceAll("/production/", `/${STACK}/`)
        .replace(/#\d+/, `#${generation}`);
    expect(shell(copy("gs://", good))).toMatchObject({ status: 0 });
    // The emulator hands out the newest version of an object alone, so the look at it comes second here.
    const restored = await gcs.generation(BUCKET, `${STACK}/default.tfstate`);
    expect(shell(copy("candidate.tfstate", restored))).toMatchObject({ status: 0 });
    expect(shell(command("lost-state-bucket", "terraform show")).text).toContain("terraform_data.database");
    expect((await status()).condition).toBe("deployed");
    expect(terraform("plan -detailed-exitcode").status).toBe(0);
  });

  testWithGcloud(
    "foreign-provider takes out of a state what a stranger's provider would do, and nothing else",
    async () => {
      terraform("apply -auto-approve");
      const good = await folder.plue(["status", "--json"], environment);
      const state = JSON.parse((await gcs.get(BUCKET, `${STACK}/default.tfstate`)) as string);
      const foreign = {
        mode: "managed",
        type: "mallory_door",
        name: "x",
        instances: [{ schema_version: 0, attributes: {} }],
      };
      const resources = [
        ...state.resources,
        { ...foreign, provider: 'provider["evil.example/mallory/door"]' },
      ];
      await gcs.put(BUCKET, `${STACK}/default.tfstate`, JSON.stringify({ ...state, resources }));
      expect((await folder.plue(["status"], environment)).stdout).toContain(
        "foreign: the state of staging-alice",
      );

      for (const part of ["carol.tfstate", "jq ", "cp mended.tfstate"]) {
        const line = command("foreign-provider", part).replaceAll("/staging-carol/", `/${STACK}/`);
        expect(shell(line)).toMatchObject({ status: 0 });
      }
      const mended = JSON.parse((await gcs.get(BUCKET, `${STACK}/default.tfstate`)) as string);
      expect(mended).toEqual({ ...state, serial: state.serial + 1 });
      expect((await folder.plue(["status"], environment)).stdout).not.toContain("foreign: ");
      expect(terraform("plan -detailed-exitcode").status).toBe(0);
      expect(good.status).toBe(0);
    },
  );

  testWithTerraform("lost-state-bucket tells Terraform what exists, and recreates nothing", async () => {
    terraform("apply -auto-approve");
    await gcs.delete(BUCKET, `${STACK}/default.tfstate`);
    expect(terraform("plan").text).toContain("1 to add");

    const [block = ""] = fenced(page("lost-state-bucket"), "hcl");
    const imported = block.replace(/to = .*/, "to = terraform_data.database").replace(/id = .*/, 'id = "1"');
    writeFileSync(join(folder.folder, "cdktf.out/stacks", STACK, "import.tf"), imported);
    const steps = commandsOf(page("lost-state-bucket"))
      .filter((line) => line.startsWith("terraform -chdir="))
      .map((line) => line.replace("stacks/production", `stacks/${STACK}`));
    expect(steps.map((line) => line.split(" ")[2])).toEqual(["init", "plan", "apply"]);
    const said = steps.map((line) => shell(line));
    expect(said.map((step) => step.status)).toEqual([0, 0, 0]);
    expect(said[1]?.text).toMatch(/1.* to import, .*0 to add, .*0 to destroy/);
    expect((await status()).resources).toBe(1);
  });
});
