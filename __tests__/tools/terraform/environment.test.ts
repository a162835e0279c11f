import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STACK_LOCK_FILE } from "../../../lib/core/provider-lock";
import {
  cdktfEnvironment,
  limitInstallation,
  terraformEnvironment,
} from "../../../tools/terraform/environment";
import { describeWith } from "../../support/needs";

/** What a job of GitHub's or a person's shell may hold. */
const AROUND = {
  PATH: "/bin",
  HOME: "/root",
  HTTPS_PROXY: "http://proxy",
  https_proxy: "http://proxy",
  SSL_CERT_FILE: "/ca.pem",
  GOOGLE_APPLICATION_CREDENTIALS: "/gha-creds.json",
  CLOUDSDK_CONFIG: "/gcloud",
  CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: "/gha-creds.json",
  TF_PLUGIN_CACHE_DIR: "/cache",
  TF_VAR_image_tag: "alice",
};
const SECRET = {
  GITHUB_TOKEN: "x",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
  ACTIONS_ID_TOKEN_REQUEST_URL: "x",
  ACTIONS_RUNTIME_TOKEN: "x",
  NODE_AUTH_TOKEN: "x",
  NPM_TOKEN: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  ANTHROPIC_API_KEY: "x",
  TF_TOKEN_app_terraform_io: "x",
  SSH_AUTH_SOCK: "x",
};
const KUBERNETES = {
  KUBE_TOKEN: "x",
  KUBE_CONFIG_PATH: "x",
  KUBECONFIG: "x",
  HELM_KUBETOKEN: "x",
  TF_REATTACH_PROVIDERS: "{}",
};
const CLOUDFLARE = { CLOUDFLARE_API_TOKEN: "x", CLOUDFLARE_EMAIL: "x" };
const all = { ...AROUND, ...SECRET, ...KUBERNETES, ...CLOUDFLARE };

test("Terraform in a workflow sees what its providers need, and no other credential", () => {
  expect(terraformEnvironment(all, ["hashicorp/google"])).toEqual(AROUND);
  expect(terraformEnvironment(all, ["hashicorp/google", "cloudflare/cloudflare"])).toEqual({
    ...AROUND,
    ...CLOUDFLARE,
  });
});

test("cdktf, which hands on what it has, has nothing that makes a provider somebody else", () => {
  expect(cdktfEnvironment(all, ["hashicorp/google"])).toEqual({ ...AROUND, ...SECRET });
  expect(cdktfEnvironment(all, ["cloudflare/cloudflare"])).toEqual({ ...AROUND, ...SECRET, ...CLOUDFLARE });
});

describeWith("terraform")("Terraform itself", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plue-limits-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs `terraform init` beside a state that names these, where others may be installed. */
  function init(named: readonly string[], allowed: readonly string[]) {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ resource: { terraform_data: { a: {} } } }));
    const resources = named.map((address, index) => ({
      mode: "managed",
      type: `${address.split("/").at(-1)}_thing`,
      name: `x${index}`,
      provider: `provider["${address}"]`,
      instances: [{ schema_version: 0, attributes: {} }],
    }));
    const state = {
      version: 4,
      terraform_version: "1.11.4",
      serial: 1,
      lineage: "x",
      outputs: {},
      resources,
    };
    writeFileSync(join(folder, "terraform.tfstate"), JSON.stringify(state));
    writeFileSync(join(folder, STACK_LOCK_FILE), "");
    const { status, stderr } = spawnSync(
      "terraform",
      ["init", "-no-color", "-input=false", "-lockfile=readonly"],
      {
        cwd: folder,
        encoding: "utf8",
        env: {
          PATH: process.env["PATH"],
          HOME: folder,
          CHECKPOINT_DISABLE: "1",
          TF_CLI_CONFIG_FILE: limitInstallation(allowed, folder),
        },
      },
    );
    return { status, message: stderr.replaceAll(/\s+/g, " ") };
  }

  test.each([
    ["of a stranger's registry", "evil.example/mallory/kubernetes"],
    ["of Terraform's registry", "registry.terraform.io/mallory/google"],
    ["that this program has elsewhere", "registry.terraform.io/cloudflare/cloudflare"],
  ])("a provider %s that a state names is looked for nowhere", (_, address) => {
    for (const allowed of [["hashicorp/google"], []]) {
      const { status, message } = init([address], allowed);
      expect(status).not.toBe(0);
      expect(message).toMatch(/provider \S+ was not found in any of the search locations/);
      expect(readFileSync(join(folder, STACK_LOCK_FILE), "utf8")).toBe("");
    }
  });

  test("a state that names none is no hindrance", () => {
    expect(init([], [])).toMatchObject({ status: 0 });
  });
});

describe("of a person's own configuration", () => {
  let folder: string;
  const before = process.env["TF_CLI_CONFIG_FILE"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plue-limits-"));
  });
  afterEach(() => {
    if (before === undefined) delete process.env["TF_CLI_CONFIG_FILE"];
    else process.env["TF_CLI_CONFIG_FILE"] = before;
    rmSync(folder, { recursive: true });
  });
  const limited = (own: string) => {
    process.env["TF_CLI_CONFIG_FILE"] = join(folder, "own.rc");
    writeFileSync(join(folder, "own.rc"), own);
    return readFileSync(limitInstallation(["hashicorp/google"], folder), "utf8");
  };
  const include =
    '    include = ["registry.terraform.io/hashicorp/google","registry.opentofu.org/hashicorp/google"]\n';

  test("the cache counts, and nothing that would install what nobody has checked", () => {
    expect(
      limited(
        'plugin_cache_dir = "/cache"\nprovider_installation {\n  dev_overrides {\n    "a/b" = "/c"\n  }\n}\n',
      ),
    ).toBe(`plugin_cache_dir = "/cache"\nprovider_installation {\n  direct {\n${include}  }\n}\n`);
  });

  test("its mirrors count, for the stacks' providers alone", () => {
    const mirror = 'network_mirror {\n    url = "https://mirror.example/"\n';
    const path = 'filesystem_mirror {\n    path = "/mirror"\n';
    expect(
      limited(
        `provider_installation {\n  ${mirror}    include = ["*/*/*"]\n  }\n  # direct {}\n  ${path}  }\n}\n`,
      ),
    ).toBe(`provider_installation {\n  ${mirror}${include}  }\n  ${path}${include}  }\n}\n`);
    expect(limited(`provider_installation {\n  ${path}  }\n  direct {\n  }\n}\n`)).toBe(
      `provider_installation {\n  ${path}${include}  }\n  direct {\n${include}  }\n}\n`,
    );
  });
});
