import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { Checkout } from "../support/checkout";
import { describeWithFakeGcs, FakeGcs } from "../support/fake-gcs";
import { filled, runPlueInProcess, vouched } from "../support/plue";
import { ALICE, BOB } from "../support/program";

const BUCKET = "plue-terraform-state";

/** A state that names a provider. */
const naming = (address: string) =>
  JSON.stringify({
    version: 4,
    terraform_version: "1.11.4",
    serial: 1,
    lineage: "of-nobody",
    outputs: {},
    resources: [
      { mode: "managed", type: "x_y", name: "z", provider: `provider["${address}"]`, instances: [{}] },
    ],
  });

describeWithFakeGcs("npx cdktf", () => {
  let checkout: Checkout;
  let gcs: FakeGcs;
  const committed = readFileSync("terraform.lock.hcl", "utf8");
  beforeAll(async () => {
    gcs = await FakeGcs.start();
    await gcs.createBucket(BUCKET);
    checkout = new Checkout();
    checkout.register(ALICE, BOB);
    checkout.write("cdktf.json", filled(checkout.read("cdktf.json")));
    checkout.checksTypes = false;
    // It says what it was started with, and goes no further.
    const said = `{ echo "$@"; cat "$TF_CLI_CONFIG_FILE"; cat .terraform.lock.hcl; env; } >> "${seen()}" 2> /dev/null`;
    checkout.write(
      "terraform.sh",
      `#!/bin/sh\\n[ "$1" = version ] && { echo '{"terraform_version": "1.11.4"}'; exit; }\\n${said}\\nexit 1\\n`.replaceAll(
        "\\n",
        "\n",
      ),
    );
    checkout.run("chmod", ["+x", "terraform.sh"]);
  });
  beforeEach(() => checkout.write("terraform.lock.hcl", vouched(committed)));
  afterEach(async () => {
    rmSync(seen(), { force: true });
    await gcs.delete(BUCKET, "staging-alice/default.tfstate");
  });
  afterAll(async () => {
    checkout.remove();
    await gcs.stop();
  });

  const seen = () => join(checkout.folder, "seen");
  const environment = () => ({
    CI: "true",
    STORAGE_EMULATOR_HOST: gcs.url,
    TERRAFORM_BINARY_NAME: join(checkout.folder, "terraform.sh"),
    CLOUDFLARE_API_TOKEN: "of-cloudflare",
    KUBE_TOKEN: "of-another-cluster",
    HELM_KUBETOKEN: "of-another-cluster",
  });
  const cdktf = (...args: string[]) =>
    checkout.run(process.execPath, ["scripts/cdktf.mjs", ...args], environment());
  /** For what is done before CDKTF is started, which takes longer than that: what stands for it starts Terraform at once. */
  const beforeCdktf = (...args: string[]) => {
    const cli = join(checkout.folder, "node_modules", "cdktf-cli");
    rmSync(cli);
    checkout.write("node_modules/cdktf-cli/package.json", "{}");
    checkout.write(
      "node_modules/cdktf-cli/bundle/bin/cdktf.js",
      'require("node:child_process").spawnSync(process.env.TERRAFORM_BINARY_NAME, ["init"]);',
    );
    const run = cdktf(...args);
    rmSync(cli, { recursive: true });
    symlinkSync(resolve("node_modules/cdktf-cli"), cli);
    return run;
  };
  /** For what is refused before CDKTF is started. */
  const refused = (...args: string[]) => runPlueInProcess(checkout.folder, ["cdktf", ...args], environment());

  test("is this program's own command, which npm looks for first", () => {
    const { bin } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(existsSync(resolve(bin.cdktf))).toBe(true);
    const { status, stdout } = checkout.run("npx", ["cdktf", "list"], {
      CI: "true",
      CHECKPOINT_DISABLE: "1",
      TERRAFORM_BINARY_NAME: "none",
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining("cdktf.out/stacks/staging-alice")]);
  });

  test.each([
    [["deploy", "staging-alice", "--auto-approve"], "evil.example/mallory/door"],
    [["destroy", "staging-alice", "--auto-approve"], "evil.example/mallory/door"],
    [["destroy", "--auto-approve", "staging-alice"], "registry.terraform.io/mallory/google"],
    [["deploy", "staging-*"], "evil.example/mallory/door"],
    [["diff", "staging-alice"], "registry.terraform.io/cloudflare/cloudflare"],
  ])("%j starts nothing where the state names %s", async (args, address) => {
    await gcs.put(BUCKET, "staging-alice/default.tfstate", naming(address));
    const { status, stderr } = await refused(...args);
    expect([status, stderr]).toEqual([5, expect.stringContaining("the state of staging-alice names ")]);
    expect(stderr).toContain("docs/runbooks/foreign-provider.md");
    expect(existsSync(seen())).toBe(false);
  });

  test("deploys no stack that holds a value which is still zeros, and plans it", async () => {
    const given = checkout.read("cdktf.json");
    checkout.write("cdktf.json", readFileSync("cdktf.json", "utf8"));
    const { status, stderr } = await refused("deploy", "staging-bootstrap", "--auto-approve");
    expect([status, stderr]).toEqual([
      3,
      "cdktf.json: still zeros: billingAccount, githubOwnerId, staging.projectNumber: npx plue init asks for them. Nothing was changed\n",
    ]);
    expect(existsSync(seen())).toBe(false);
    beforeCdktf("diff", "staging-bootstrap");
    expect(existsSync(seen())).toBe(true);
    checkout.write("cdktf.json", given);
  });

  test("says which packages of the stack's providers are known by the registry's signature alone", () => {
    checkout.write(
      "terraform.lock.hcl",
      vouched(committed).replace(/(\/kubernetes" \{\n.*\n.*\n)(?:.*\n)*?\}\n/, "$1}\n"),
    );
    const said = (stack: string) => beforeCdktf("deploy", stack, "--auto-approve").stderr;
    const warning = "terraform.lock.hcl has no hashes of hashicorp/kubernetes 2.38.0: Terraform takes";
    expect(said("staging-alice")).toContain(warning);
    expect(said("staging-base")).not.toContain("has no hashes");
  });

  test("starts Terraform with the stack's lock file, which it keeps, and with the stack's providers alone", async () => {
    await gcs.put(BUCKET, "staging-alice/default.tfstate", naming("registry.terraform.io/hashicorp/google"));
    expect(cdktf("deploy", "staging-alice", "--auto-approve").status).not.toBe(0);
    const text = readFileSync(seen(), "utf8");
    expect(text).toMatch(/^init$/m);
    expect(text).toContain("\nTF_CLI_ARGS_init=-lockfile=readonly\n");
    // Nobody is asked for a newer version, which offline ends in an error on the screen.
    expect(text).toContain("\nCHECKPOINT_DISABLE=1\n");
    const [, included = ""] = /include = \[(.*)\]/.exec(text) ?? [];
    expect(included.match(/registry\.terraform\.io\/[\w/-]+/g)?.sort()).toEqual(
      ["google", "helm", "kubernetes"].map((name) => `registry.terraform.io/hashicorp/${name}`),
    );
    expect(text).toContain("# Of staging-alice's providers");
    expect(text).not.toMatch(/of-cloudflare|of-another-cluster/);
  });
});
