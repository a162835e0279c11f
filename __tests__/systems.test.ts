import { cpSync, existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Checkout } from "./support/checkout";
import { ALICE } from "./support/program";

/** A checkout with a second system, as small as one can be. */
let checkout: Checkout;
let tiny: string;
beforeAll(() => {
  checkout = new Checkout();
  checkout.register(ALICE);
  tiny = join(checkout.folder, "stacks", "tiny");
  cpSync(resolve("__tests__/tiny-system"), tiny, { recursive: true });
  checkout.checksTypes = false;
});
afterAll(() => checkout.remove());

const app = (...args: string[]) => checkout.runIn(tiny, process.execPath, ["../../scripts/app.mjs", ...args]);
const plue = (...args: string[]) =>
  checkout.runIn(tiny, process.execPath, ["../../scripts/plue.mjs", ...args]);
const cdktf = (...args: string[]) =>
  checkout.runIn(tiny, process.execPath, ["../../node_modules/cdktf-cli/bundle/bin/cdktf.js", ...args]);

describe("in a system's folder", () => {
  test("the app command synthesizes that system, into its own output", () => {
    const { status, stdout } = app();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^tiny-dev +\d+ resources +cdktf\.out\/stacks\/tiny-dev\n/);
    expect(existsSync(join(tiny, "cdktf.out/stacks/tiny-dev/cdk.tf.json"))).toBe(true);
    expect(existsSync(join(checkout.folder, "cdktf.out"))).toBe(false);
  });

  test("cdktf lists its stacks", () => {
    const { status, stdout, stderr } = cdktf("list");
    expect([status, stderr.replace(/.*/s, "")]).toEqual([0, ""]);
    expect(stdout).toMatch(/tiny-dev\s+cdktf\.out\/stacks\/tiny-dev/);
    expect(stdout).not.toContain("staging-base");
  });

  test("its types are checked, and only its", () => {
    checkout.checksTypes = true;
    const message = checkout.changed(
      "stacks/tiny/system.ts",
      '"api-key": {}',
      '"api-key": { rotationDay: 3 }',
      () => app().stderr,
    );
    expect(message).toMatch(/^stacks\/tiny\/system\.ts\(\d+,\d+\): error TS\d+: .*'rotationDay'/);
    const elsewhere = checkout.changed(
      "stacks/plue/staging-base.ts",
      "minNodes: 1, maxNodes: 3",
      "minNodez: 1, maxNodes: 3",
      () => app().status,
    );
    expect(elsewhere).toBe(0);
    checkout.checksTypes = false;
  });

  test("bad input is told with its place, as Plue's", () => {
    const message = checkout.changed(
      "stacks/tiny/cdktf.json",
      '"europe-west1"',
      '"europe-west1-b"',
      () => app().stderr,
    );
    expect(message).toMatch(
      /^cdktf\.json:\d+:\d+: context\.tiny\.dev\.region: "europe-west1-b" is not a region: .*"europe-west1"\n$/,
    );
  });

  test("plue works on that system", () => {
    const { status, stdout } = plue("cost", "--json");
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toContain("stacks");
    expect(stdout).toContain("tiny-dev");
    expect(stdout).not.toContain("staging-base");
    expect(plue("ci", "stacks").stdout).toBe("tiny-dev\n");
    expect(plue("ci", "identity", "tiny-dev", "--for", "apply").stdout).toContain(
      "service_account=terraform-apply@tiny-dev.iam.gserviceaccount.com\n",
    );
  });

  test("what the system has not is said in a sentence", () => {
    expect(plue("engineers", "list")).toMatchObject({
      status: 2,
      stderr: "tiny has no registry of engineers\n",
    });
    expect(plue("bootstrap", "staging", "--dry-run")).toMatchObject({
      status: 2,
      stderr: 'there is no environment "staging"; there are: dev\n',
    });
  });
});

test("npm run synth -- --all writes every system's, each into its own folder", () => {
  rmSync(join(tiny, "cdktf.out"), { recursive: true, force: true });
  const { status, stdout } = checkout.run(process.execPath, ["scripts/app.mjs", "--all"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\.:\n(.*\n)*stacks\/tiny:\n/);
  expect(existsSync(join(checkout.folder, "cdktf.out/stacks/staging-base/cdk.tf.json"))).toBe(true);
  expect(existsSync(join(tiny, "cdktf.out/stacks/tiny-dev/cdk.tf.json"))).toBe(true);
});

test("one system that fails does not keep the others from being written, and fails the whole", () => {
  const status = checkout.changed("stacks/tiny/cdktf.json", '"tiny-dev"', '"T"', () => {
    rmSync(join(checkout.folder, "cdktf.out"), { recursive: true, force: true });
    return checkout.run(process.execPath, ["scripts/app.mjs", "--all"]).status;
  });
  expect(status).toBe(3);
  expect(existsSync(join(checkout.folder, "cdktf.out/stacks/staging-base/cdk.tf.json"))).toBe(true);
});

test("an option that the app command does not know is refused, and nothing is written", () => {
  const { status, stderr } = app("--foo");
  expect(status).toBe(2);
  expect(stderr).toContain("Unknown option '--foo'");
  expect(stderr).toContain("There are: --all");
});

test("a folder without a program is told so", () => {
  rmSync(join(tiny, "main.ts"));
  expect(app().stderr).toMatch(/^no main\.ts beside .*stacks\/tiny\/cdktf\.json/);
  expect(plue("cost").stderr).toMatch(/^no program beside .*stacks\/tiny\/cdktf\.json: .* main\.ts/);
});
