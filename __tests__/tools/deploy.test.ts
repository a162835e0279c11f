import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BUCKET, CiFolder, chain } from "../support/ci-folder";
import { FakeCloudflare } from "../support/fake-cloudflare";
import { FakeGoogle } from "../support/fake-google";
import { FakeSecretManager } from "../support/fake-secret-manager";
import { pretendAuthPlugin } from "../support/gke-auth-plugin";
import { describeWith } from "../support/needs";
import { inTerminal } from "../support/terminal-session";

const describeWithBoth = describeWith("fake-gcs-server", "terraform");

test.each(["diff", "deploy"])("%s of a stack that there is not is told at once", async (command) => {
  const folder = new CiFolder(undefined);
  const { status, stderr } = await folder.plue([command, "staging-alcie"]);
  folder.remove();
  expect([status, stderr]).toEqual([2, 'there is no stack "staging-alcie"; did you mean staging-alice?\n']);
});

describeWithBoth("with Terraform and a bucket", () => {
  let google: FakeGoogle;
  let secrets: FakeSecretManager;
  let cloudflare: FakeCloudflare;
  let folder: CiFolder;
  beforeAll(async () => {
    google = await FakeGoogle.start();
    secrets = await FakeSecretManager.start();
    cloudflare = await FakeCloudflare.start();
  });
  afterAll(() => Promise.all([google.stop(), secrets.stop(), cloudflare.stop()]));
  beforeEach(async () => {
    await google.restart();
    await google.gcs.createBucket(BUCKET);
    google.channels.add("Plue on-call (PagerDuty)");
    folder = new CiFolder(google.gcs);
    mkdirSync(join(folder.folder, "bin"));
    tool("gcloud", "#!/bin/sh\necho me@plue.dev\n");
    pretendAuthPlugin(join(folder.folder, "bin"));
    folder.write("credentials.json", '{"type": "authorized_user", "refresh_token": "of-nobody"}');
    const config = JSON.parse(readFileSync("cdktf.json", "utf8"));
    // What is synthesized is the test's.
    folder.write("app.sh", "echo synthesized >> app.log\n");
    folder.write(
      "cdktf.json",
      JSON.stringify({ ...config, app: "sh app.sh" }).replaceAll(/"[0-]{6,}"/g, (zeros) =>
        zeros.replace("0", "1"),
      ),
    );
    await deployed("production-bootstrap", "staging-bootstrap", "staging-base", "staging-platform");
    await stored("staging-access", []);
    await stored("production", []);
  });
  afterEach(() => folder.remove());

  const tool = (name: string, script: string) => {
    folder.write(join("bin", name), script);
    chmodSync(join(folder.folder, "bin", name), 0o755);
  };
  const stored = (stack: string, resources: readonly object[]) =>
    google.gcs.put(
      BUCKET,
      `${stack}/default.tfstate`,
      JSON.stringify({
        version: 4,
        terraform_version: "1.11.0",
        serial: 1,
        lineage: "x",
        outputs: {},
        resources,
      }),
    );
  const deployed = (...stacks: string[]) =>
    Promise.all(
      stacks.map((stack) => stored(stack, [{ mode: "managed", type: "a", name: "b", instances: [{}] }])),
    );
  const environment = (): Record<string, string> => ({
    ...google.environment,
    // Terraform reads it by another of its interfaces.
    STORAGE_EMULATOR_HOST: google.gcs.url,
    PATH: `${join(folder.folder, "bin")}:${process.env["PATH"]}`,
    HOME: folder.folder,
    TF_CLI_CONFIG_FILE: "",
    TF_PLUGIN_CACHE_DIR: folder.folder,
    CHECKPOINT_DISABLE: "1",
    GOOGLE_OAUTH_ACCESS_TOKEN: "emulated",
    GOOGLE_APPLICATION_CREDENTIALS: join(folder.folder, "credentials.json"),
    SECRET_MANAGER_EMULATOR_HOST: secrets.host,
    CLOUDFLARE_BASE_URL: cloudflare.url,
    CLOUDFLARE_API_TOKEN: "of-nobody",
  });
  const plue = (args: readonly string[], input = "") => folder.plue(args, environment(), input);
  const resources = async (stack: string) => (await folder.state(stack))?.["resources"] ?? [];

  test("diff synthesizes, prints the plan to standard output, and changes nothing", async () => {
    folder.synthesized("staging-access", chain({ a: "1" }));
    const { status, stdout, stderr } = await plue(["diff", "staging-access"]);
    expect([status, stderr]).toEqual([0, "staging-access: 1 to create.\n"]);
    expect(stdout).toContain("# terraform_data.a will be created");
    expect(readFileSync(join(folder.folder, "app.log"), "utf8")).toBe("synthesized\n");
    expect(await resources("staging-access")).toEqual([]);
  });

  test("deploy asks nobody in a pipe, and does nothing then", async () => {
    folder.synthesized("staging-access", chain({ a: "1" }));
    const { status, stderr } = await plue(["deploy", "staging-access"]);
    expect(status).toBe(5);
    expect(stderr).toMatch(
      /staging-access: 1 to create\. Apply that\? Nobody is here to answer: pass --yes\./,
    );
    expect(await resources("staging-access")).toEqual([]);
  });

  test("deploy applies what it has shown, once that is confirmed; then there is nothing to change", async () => {
    folder.synthesized("staging-access", chain({ a: "1" }));
    const { status, stdout, stderr } = await plue(["deploy", "staging-access", "--yes"]);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("# terraform_data.a will be created");
    expect(stderr).toMatch(/\nstaging-access: 1 created\.\n$/);
    expect(await resources("staging-access")).toHaveLength(1);
    const again = await plue(["deploy", "staging-access"]);
    expect([again.status, again.stderr]).toEqual([0, "staging-access: nothing to change.\n"]);
  });

  test("a person is asked at the terminal", async () => {
    folder.synthesized("staging-access", chain({ a: "1" }));
    const session = (typed: string) =>
      inTerminal(["deploy", "staging-access"], {
        cwd: folder.folder,
        environment: environment(),
        answers: [["Apply that? [y/N] ", typed]],
      });
    const no = await session("n");
    expect([no.status, no.lines.at(-2)]).toEqual([5, "Nothing was changed."]);
    const yes = await session("y");
    expect([yes.status, yes.lines.at(-2)]).toEqual([0, "staging-access: 1 created."]);
    expect(yes.written).toContain("Planning staging-access …");
    expect(yes.lines.join("\n")).not.toContain("Planning");
    expect(await resources("staging-access")).toHaveLength(1);
  });

  test("production wants its name typed, which --yes does not stand for", async () => {
    folder.synthesized("production", chain({ a: "1" }));
    const { status, stderr } = await plue(["deploy", "production", "--yes"], "y\n");
    expect(status).toBe(5);
    expect(stderr).toContain("production: 1 to create. Users are on it. Type production to go on: ");
    expect(await resources("production")).toEqual([]);
    expect((await plue(["deploy", "production"], "production\n")).status).toBe(0);
    expect(await resources("production")).toHaveLength(1);
  });

  test("the end of what holds data is named, and wants the stack's name typed", async () => {
    folder.synthesized("staging-access", chain({ main: "1" }));
    await plue(["deploy", "staging-access", "--yes"]);
    folder.synthesized("staging-access", {});
    // Terraform as it is, but for the type in what it prints as JSON.
    tool(
      "terraform",
      `#!/bin/sh\nPATH='${process.env["PATH"]}'\nif [ "$1 $2" = "show -json" ]; then terraform "$@" | sed s/terraform_data/google_sql_database_instance/g; else exec terraform "$@"; fi\n`,
    );
    const { status, stderr } = await plue(["deploy", "staging-access", "--yes"], "yes\n");
    expect(status).toBe(5);
    expect(stderr).toContain(
      "This ends what holds data:\n  destroy google_sql_database_instance.main: its databases\n",
    );
    expect(stderr).toContain("That is not staging-access. Nothing was changed.");
    expect(await resources("staging-access")).toHaveLength(1);
    expect((await plue(["deploy", "staging-access"], "staging-access\n")).status).toBe(0);
    expect(await resources("staging-access")).toEqual([]);
  });

  test.each(["diff", "deploy"])(
    "%s starts nothing while something is missing, and says what mends it",
    async (command) => {
      await stored("staging-platform", []);
      const { status, stdout, stderr } = await plue([command, "staging-access"]);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toBe(
        "missing   staging-platform  is not deployed yet\n    npx plue deploy staging-platform\n\n" +
          "staging-access needs that first. Nothing was changed; npx plue doctor staging-access shows all of it.\n",
      );
      expect(existsSync(join(folder.folder, "app.log"))).toBe(false);
    },
  );

  test("a program that does not synthesize is told, and nothing is planned", async () => {
    folder.write("app.sh", "echo 'main.ts(1,1): error TS1: no' >&2; exit 1\n");
    const { status, stderr } = await plue(["deploy", "staging-access", "--yes"]);
    expect([status, stderr]).toEqual([1, '"sh app.sh" failed:\nmain.ts(1,1): error TS1: no\n']);
  });

  test("a plan that fails is told with Terraform's words", async () => {
    folder.synthesized("staging-access", { output: { x: { value: "${var.none}" } } });
    const { status, stderr } = await plue(["deploy", "staging-access", "--yes"]);
    expect(status).toBe(1);
    expect(stderr).toContain("Reference to undeclared input variable");
    expect(stderr).toMatch(/staging-access could not be planned\. Nothing was changed\.\n$/);
  });

  test("an image's tag is given to a stack that has a release, and refused by another", async () => {
    const release = {
      variable: { image_tag: { type: "string", default: "main" } },
      resource: { terraform_data: { release: { input: "${var.image_tag}" } } },
    };
    folder.synthesized("staging-access", release);
    const { stdout } = await plue(["diff", "staging-access", "--image-tag", "my-branch"]);
    expect(stdout).toContain('+ input  = "my-branch"');
    folder.synthesized("staging-access", chain({ a: "1" }));
    const refused = await plue(["diff", "staging-access", "--image-tag", "my-branch"]);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      "staging-access has no release whose images could be others\n",
    ]);
  });

  test("the images that are looked for are those of the tag that is given", async () => {
    await deployed("staging-access");
    for (const secret of ["anthropic-api-key", "github-app-private-key"])
      secrets.declare(`plue-staging/${secret}`, 1);
    for (const image of ["zig-api", "ui", "runner"]) google.images.add(`${image}:my-branch`);
    folder.synthesized("staging-alice", {
      variable: { image_tag: { type: "string", default: "alice" } },
      resource: { terraform_data: { release: { input: "${var.image_tag}" } } },
    });
    const usual = await plue(["diff", "staging-alice"]);
    expect([usual.status, usual.stderr]).toEqual([1, expect.stringContaining("zig-api:alice is not there")]);
    const { status, stdout } = await plue(["diff", "staging-alice", "--image-tag", "my-branch"]);
    expect([status, stdout]).toEqual([0, expect.stringContaining('+ input  = "my-branch"')]);
  });

  test("without a folder for providers it makes the one that cdktf makes too", async () => {
    folder.synthesized("staging-access", chain({ a: "1" }));
    // Of the home directory a process knows its own alone.
    await folder.launch(["diff", "staging-access"], { ...environment(), TF_PLUGIN_CACHE_DIR: "" });
    expect(existsSync(join(folder.folder, ".terraform.d", "plugin-cache"))).toBe(true);
  });
});
