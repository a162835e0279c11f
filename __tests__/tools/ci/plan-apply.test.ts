import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BUCKET, CiFolder, chain, type Module, printed } from "../../support/ci-folder";
import { FakeGcs } from "../../support/fake-gcs";
import { HOSTILE, obeyed } from "../../support/hostile-text";
import { describeWith } from "../../support/needs";

const describeWithBoth = describeWith("fake-gcs-server", "terraform");

describeWithBoth("with Terraform and a bucket", () => {
  let gcs: FakeGcs;
  let folder: CiFolder;
  beforeAll(async () => {
    gcs = await FakeGcs.start();
    await gcs.createBucket(BUCKET);
  });
  afterAll(() => gcs.stop());
  beforeEach(() => {
    folder = new CiFolder(gcs);
  });
  afterEach(async () => {
    folder.remove();
    await gcs.delete(BUCKET, "production/default.tfstate");
    await gcs.delete(BUCKET, "production/default.tflock");
  });
  const report = () => JSON.parse(readFileSync(join(folder.folder, "plans/production.json"), "utf8"));
  const plan = () => folder.ci(["plan", "production", "--out", "plans", "--summary", "summary.md"]);
  const apply = (...args: string[]) => folder.ci(["apply", "production", ...args]);

  test("a stack that holds a value which is still zeros is not applied; one that does not is", async () => {
    folder.synthesized("production", chain({ a: "projects/000000000000/x", b: "000000-000000-000000" }));
    const { status, stderr } = await apply();
    expect(status).toBe(3);
    expect(stderr).toBe(
      "cdktf.json: still zeros: billingAccount, production.projectNumber: npx plue init asks for them. Nothing was changed\n",
    );
    expect(await folder.state("production")).toBeUndefined();
    folder.synthesized("production", chain({ a: "0000000000000" }));
    expect((await apply()).status).toBe(0);
  });

  describe("plan", () => {
    test("a stack without state is new, and none is written for it", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      const { status, stdout } = await plan();
      expect([status, stdout]).toEqual([0, "outcome=new\n"]);
      expect(report()).toEqual({ stack: "production", outcome: "new", actions: [], text: "" });
      expect(await folder.state("production")).toBeUndefined();
    });

    test("says what would change, takes no lock, and changes nothing", async () => {
      folder.synthesized("production", chain({ a: "1", b: "1" }));
      await apply();
      const before = await folder.state("production");
      folder.synthesized("production", chain({ a: "2", c: "1" }));
      await gcs.put(BUCKET, "production/default.tflock", JSON.stringify({ ID: "1", Who: "somebody" }));
      const { status, stdout, stderr } = await plan();
      expect([status, stdout]).toEqual([0, "outcome=changed\n"]);
      expect(stderr).toContain("production: 1 to create, 1 to update, 1 to destroy");
      expect(report()).toMatchObject({
        outcome: "changed",
        actions: [
          { address: "terraform_data.a", action: "update" },
          { address: "terraform_data.b", action: "destroy" },
          { address: "terraform_data.c", action: "create" },
        ],
      });
      expect(report().text).toContain('~ input  = "1" -> "2"');
      expect(readFileSync(join(folder.folder, "summary.md"), "utf8")).toContain(
        "| `production` | 1 to create, 1 to update, 1 to destroy |",
      );
      expect(await folder.state("production")).toEqual(before);
    });

    test("nothing to change is unchanged", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      expect((await plan()).stdout).toBe("outcome=unchanged\n");
    });

    test("an error is the step's failure, and stands in the report without the secrets of the environment", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      folder.synthesized("production", { output: { x: { value: "${token-abcdef123}" } } });
      const { status, stdout, stderr } = await folder.ci(["plan", "production", "--out", "plans"], {
        CLOUDFLARE_API_TOKEN: "token-abcdef123",
      });
      expect([status, stdout]).toEqual([1, "outcome=failed\n"]);
      expect(report().outcome).toBe("failed");
      expect(report().text).toContain("Error: ");
      expect(report().text + stderr).not.toContain("token-abcdef123");
      expect(report().text + stderr).toContain("(hidden)");
    });

    test("whatever a state says, neither the log nor the report holds what a terminal or the runner obeys", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      const state = (await folder.state("production")) as { resources: Module[] };
      for (const { instances } of state.resources)
        for (const key of ["input", "output"]) instances[0].attributes[key].value = HOSTILE;
      await gcs.put(BUCKET, "production/default.tfstate", JSON.stringify(state));
      const { stdout, stderr } = await plan();
      expect(stdout).toBe("outcome=changed\n");
      expect(stderr + report().text).toContain("add-mask::production");
      expect(obeyed(stderr)).toEqual([]);
      expect(obeyed(report().text)).toEqual([]);
    });

    test("what Terraform calls sensitive is in no report", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      folder.synthesized("production", {
        variable: { word: { type: "string", sensitive: true, default: "open sesame" } },
        resource: { terraform_data: { a: { input: "${var.word}" } } },
      });
      const { stderr } = await plan();
      expect(report().text).toContain("(sensitive value)");
      expect(JSON.stringify(report()) + stderr).not.toContain("sesame");
    });

    test("a bucket that cannot be reached is Google's fault, not the plan's", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      const { status, stdout, stderr } = await folder.ci(["plan", "production"], {
        STORAGE_EMULATOR_HOST: "127.0.0.1:1",
      });
      expect([status, stdout]).toEqual([4, "outcome=failed\n"]);
      expect(stderr).toContain("Google Cloud cannot be reached");
    });

    test("a stack that is not synthesized, or that there is not, is told", async () => {
      await gcs.put(
        BUCKET,
        "production/default.tfstate",
        '{"version":4,"terraform_version":"1.11.4","serial":1}',
      );
      const missing = await plan();
      expect([missing.status, missing.stdout]).toEqual([1, "outcome=failed\n"]);
      expect(missing.stderr).toContain("run npm run synth first");
      const typo = await folder.ci(["plan", "prodution"]);
      expect([typo.status, typo.stderr]).toEqual([
        2,
        'there is no stack "prodution"; did you mean production?\n',
      ]);
    });
  });

  describe("apply", () => {
    test("applies what it has planned, and once more changes nothing", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      const first = await apply("--summary", "summary.md");
      expect([first.status, first.stdout]).toEqual([0, ""]);
      expect(first.stderr).toContain("Applying production: 1 to create");
      expect((await folder.state("production"))?.["resources"]).toHaveLength(1);
      expect(readFileSync(join(folder.folder, "summary.md"), "utf8")).toBe("`production`: 1 created\n");
      const serial = (await folder.state("production"))?.["serial"];
      const second = await apply();
      expect(second.stderr).toContain("production: nothing to change.");
      expect((await folder.state("production"))?.["serial"]).toBe(serial);
    });

    test("half-way, it keeps what was done, gives the lock back, and goes on from there", async () => {
      folder.synthesized("production", chain({ a: "1", b: "fail", c: "1" }));
      const { status, stderr } = await apply();
      expect(status).toBe(1);
      expect(stderr).toContain("production was applied in part: the state holds what was done");
      const done = (await folder.state("production"))?.["resources"].map(
        ({ name }: { name: string }) => name,
      );
      expect(done).toContain("a");
      expect(done).not.toContain("c");
      expect(await folder.locked("production")).toBe(false);
      folder.synthesized("production", chain({ a: "1", b: "1", c: "1" }));
      expect((await apply()).status).toBe(0);
      expect((await folder.state("production"))?.["resources"]).toHaveLength(3);
    });

    test("of two at once, the second waits until the first gives the lock back", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      folder.synthesized("production", chain({ a: "2" }));
      await gcs.put(BUCKET, "production/default.tflock", JSON.stringify({ ID: "1", Who: "runner@first" }));
      const waiting = folder.start(["apply", "production", "--lock-timeout", "600"]);
      const ended = once(waiting, "close");
      await printed(waiting, "Acquiring state lock");
      const before = await folder.state("production");
      await gcs.delete(BUCKET, "production/default.tflock");
      expect(await ended).toEqual([0, null]);
      expect((await folder.state("production"))?.["serial"]).toBeGreaterThan(before?.["serial"]);
    });

    test("one that waits no longer says whose lock it is, and leaves it", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      const lock = { ID: "1", Who: "runner@first", Operation: "OperationTypeApply" };
      await gcs.put(BUCKET, "production/default.tflock", JSON.stringify(lock));
      const { status, stderr } = await apply("--lock-timeout", "0.1");
      expect(status).toBe(1);
      expect(stderr).toContain("runner@first");
      expect(stderr).toContain("production could not be planned. Nothing was changed");
      expect(await folder.locked("production")).toBe(true);
    });

    test("interrupted, it ends what it is at, writes the state and gives the lock back", async () => {
      const slow = chain({ a: "1", b: "2" });
      // Terraform ends it, once it has heard of the interruption: what ended by itself might be over before that.
      const command = "while true; do sleep 0.1; done";
      slow["resource"].terraform_data.a.provisioner = [{ "local-exec": { command } }];
      folder.synthesized("production", slow);
      const child = folder.start(["apply", "production"]);
      const ended = once(child, "close");
      await printed(child, "local-exec");
      child.kill("SIGTERM");
      await printed(child, "Interrupted: terraform apply ends what it is at");
      const [status] = await ended;
      expect(status).toBe(130);
      expect(await folder.locked("production")).toBe(false);
      expect((await folder.state("production"))?.["resources"]).toHaveLength(1);
    });

    test("without Terraform on the machine it says so", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      const { status, stderr } = await folder.ci(["apply", "production"], {
        TERRAFORM_BINARY_NAME: "terafrom",
      });
      expect([status, stderr]).toEqual([1, "terafrom cannot be started: spawn terafrom ENOENT\n"]);
    });

    test("the end of what holds data is refused, unless it is allowed by its address", async () => {
      folder.synthesized("production", chain({ main: "1" }));
      await apply();
      folder.synthesized("production", {});
      // Terraform as it is, but for the type in what it prints as JSON.
      const script = `#!/bin/sh\nif [ "$1 $2" = "show -json" ]; then terraform "$@" | sed s/terraform_data/google_sql_database_instance/g; else exec terraform "$@"; fi\n`;
      const terraform = join(folder.folder, folder.write("terraform.sh", script));
      chmodSync(terraform, 0o755);
      const as = (environment: Record<string, string>) =>
        folder.ci(["apply", "production"], { TERRAFORM_BINARY_NAME: terraform, ...environment });
      const refused = await as({});
      expect(refused.status).toBe(5);
      expect(refused.stderr).toContain(
        "production is not applied, as it would end what holds data:\n  destroy google_sql_database_instance.main: its databases\nNothing was changed.",
      );
      expect((await folder.state("production"))?.["resources"]).toHaveLength(1);
      const allowed = await as({ PLUE_ALLOW_DESTROY: "google_sql_database_instance.main" });
      expect(allowed.status).toBe(0);
      expect((await folder.state("production"))?.["resources"]).toHaveLength(0);
    });
  });

  describe("of providers", () => {
    const LOCKED = 'provider "registry.terraform.io/hashicorp/google" {\n  version = "6.50.0"\n}\n';
    const seen = () => join(folder.folder, "seen");
    /** Runs a step with Terraform, and writes down what that was started with. */
    const recorded = (step: string, environment: Record<string, string> = {}) => {
      const script = `#!/bin/sh\n{ echo "$@"; cat "$TF_CLI_CONFIG_FILE"; env; } >> "${seen()}"\nexec terraform "$@"\n`;
      const terraform = join(folder.folder, folder.write("terraform.sh", script));
      chmodSync(terraform, 0o755);
      return folder.ci([step, "production"], { TERRAFORM_BINARY_NAME: terraform, ...environment });
    };
    const naming = async (address: string) => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      const state = (await folder.state("production")) as { resources: Module[] };
      state.resources.push({
        mode: "managed",
        type: "mallory_door",
        name: "x",
        provider: `provider["${address}"]`,
        instances: [{ schema_version: 0, attributes: {} }],
      });
      await gcs.put(BUCKET, "production/default.tfstate", JSON.stringify(state));
    };

    test.each([
      ["plan", "evil.example/mallory/door"],
      ["apply", "evil.example/mallory/door"],
      ["plan", "registry.terraform.io/hashicorp/google"],
    ])(
      "a state that names another is refused by %s before Terraform is started: %s",
      async (step, address) => {
        await naming(address);
        const { status, stderr } = await recorded(step);
        expect([status, stderr]).toEqual([5, expect.stringContaining("the state of production names ")]);
        expect(stderr).toContain(address.replace("registry.terraform.io/", ""));
        expect(existsSync(seen())).toBe(false);
      },
    );

    test.each(["plan", "apply"])("%s says which is known by the registry's signature alone", async (step) => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      for (const file of ["terraform.lock.hcl", "cdktf.out/stacks/production/.terraform.lock.hcl"])
        folder.write(file, LOCKED);
      expect((await recorded(step)).stderr).toContain(
        "terraform.lock.hcl has no hashes of hashicorp/google 6.50.0: Terraform takes",
      );
      expect(existsSync(seen())).toBe(true);
    });

    test.each(["plan", "apply"])("%s refuses other packages than the checkout's", async (step) => {
      folder.synthesized("production", chain({ a: "1" }));
      await apply();
      folder.write("cdktf.out/stacks/production/.terraform.lock.hcl", LOCKED);
      folder.write("terraform.lock.hcl", "");
      expect((await recorded(step)).stderr).toContain("has other packages of hashicorp/google");
      rmSync(join(folder.folder, "cdktf.out/stacks/production/.terraform.lock.hcl"));
      expect((await recorded(step)).stderr).toContain("run npm run synth first");
      expect(existsSync(seen())).toBe(false);
    });

    test("Terraform keeps the lock file, may install no other, and holds no token of the job's", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      const { status } = await recorded("apply", {
        CLOUDFLARE_API_TOKEN: "of-cloudflare",
        GITHUB_TOKEN: "of-github",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-github",
        KUBE_TOKEN: "of-another-cluster",
      });
      const text = readFileSync(seen(), "utf8");
      expect(status).toBe(0);
      expect(text).toContain("init -no-color -input=false -lockfile=readonly\n");
      expect(text).toContain('provider_installation {\n  direct {\n    exclude = ["*/*/*"]');
      expect(text).toContain("\nGOOGLE_OAUTH_ACCESS_TOKEN=emulated\n");
      expect(text).not.toMatch(/of-cloudflare|of-github|of-another-cluster/);
    });
  });

  describe("images", () => {
    const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
    const release = {
      variable: { image_digests: { type: "map(string)", default: {}, nullable: false } },
      resource: {
        terraform_data: {
          release: { input: '${try(var.image_digests["zig-api"], "what the tag points to")}' },
        },
      },
    };
    const running = async () =>
      (await folder.state("production"))?.["resources"][0].instances[0].attributes.input.value;

    test("an earlier digest is an apply of it, and the next without it follows the tag again", async () => {
      folder.synthesized("production", release);
      await apply();
      expect(await running()).toBe("what the tag points to");
      folder.write("previous.json", JSON.stringify({ "zig-api": digest("a") }));
      const { status, stderr } = await apply("--images", "previous.json");
      expect(status).toBe(0);
      expect(stderr).toContain("production: 1 updated, with zig-api@aaaaaaaaaaaa.");
      expect(await running()).toBe(digest("a"));
      await apply();
      expect(await running()).toBe("what the tag points to");
    });

    test("what runs is read from the state", async () => {
      const instances = (name: string, link: string) => [
        { attributes: { image_name: name, self_link: link } },
      ];
      const image = (name: string, imageName: string, value: string) => ({
        mode: "data",
        type: "google_artifact_registry_docker_image",
        name,
        instances: instances(imageName, `us-central1-docker.pkg.dev/p/plue/x@${value}`),
      });
      const resources = [
        image("a", "zig-api:production", digest("a")),
        image("b", `ui@${digest("b")}`, digest("b")),
      ];
      const state = { version: 4, terraform_version: "1.11.4", serial: 1, resources };
      await gcs.put(BUCKET, "production/default.tfstate", JSON.stringify(state));
      const { stdout } = await folder.ci(["images", "production"]);
      expect(JSON.parse(stdout)).toEqual({ "zig-api": digest("a"), ui: digest("b") });
    });

    test("before the first release there is nothing to go back to", async () => {
      folder.synthesized("production", release);
      folder.write("previous.json", (await folder.ci(["images", "production"])).stdout);
      const { status, stderr } = await apply("--images", "previous.json");
      expect([status, stderr]).toEqual([
        5,
        "previous.json names no image: there is no earlier release to go back to. Nothing was changed\n",
      ]);
    });

    test.each([
      ["not JSON", "sha256:1", 1, "is not JSON"],
      ["a tag", '{"zig-api":"main"}', 1, "is no map of images to digests (zig-api)"],
    ])("%s is no digest", async (_, text, status, message) => {
      folder.synthesized("production", release);
      folder.write("previous.json", text);
      const run = await apply("--images", "previous.json");
      expect(run.status).toBe(status);
      expect(run.stderr).toContain(message);
    });

    test("a stack without a release takes none", async () => {
      folder.synthesized("production", chain({ a: "1" }));
      folder.write("previous.json", JSON.stringify({ "zig-api": digest("a") }));
      expect((await apply("--images", "previous.json")).stderr).toContain("production has no release");
    });
  });
});
