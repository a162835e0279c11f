import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { addEntry, removeEntry, setState } from "../../lib/environments/registry-edit";
import { parseRegistry } from "../../stacks/plue/registry";
import { PlueFolder, registryText } from "../support/plue";

const entry = (name: string, more: object = {}) => ({ name, email: `${name}@plue.dev`, ...more });
let folder: PlueFolder;

beforeEach(() => {
  folder = new PlueFolder([entry("alice"), entry("bob")]);
});
afterEach(() => folder.remove());

const plue = (...args: string[]) => folder.plue(["engineers", ...args]);
const names = () => parseRegistry(folder.registry, "engineers.json").engineers.map(({ name }) => name);

describe("add", () => {
  test("adds a line, and says what it does and what comes next", async () => {
    const before = folder.registry;
    const { status, stdout, stderr } = await plue("add", "carol", "--email", "carol@plue.dev");
    expect([status, stdout]).toEqual([0, ""]);
    expect(folder.registry).toBe(
      before.replace(/^.*"bob"/m, `    { "name": "carol", "email": "carol@plue.dev" },\n$&`),
    );
    const said = stderr.split("\n");
    expect(said[0]).toBe(
      "Adding carol to engineers.json: the stack staging-carol, and her rights in staging-access.",
    );
    expect(said).toContain("  npx plue deploy staging-carol   (carol)");
    expect(stderr).toContain(
      "as herself: her stack acts as tf-staging-carol@plue-staging.iam.gserviceaccount.com by itself",
    );
  });

  test("one engineer more than there is room for is added, with a word about what runs out", async () => {
    const { status, stderr } = await plue("add", "carol", "--email", "carol@plue.dev");
    expect(status).toBe(0);
    expect(stderr).toContain(
      "Staging has 3 engineers and room for 2: it runs out of CPU of node pool default at 2. docs/capacity.md says what gives more.\n",
    );
    folder.registry = registryText([entry("alice")]);
    expect((await plue("add", "bob", "--email", "bob@plue.dev")).stderr).not.toContain("room for");
  });

  test("takes a GitHub login, whose pushes may deploy", async () => {
    await plue("add", "carol", "--email", "carol@plue.dev", "--github", "Carol-P", "--github-id", "1003");
    expect(parseRegistry(folder.registry, "engineers.json").engineers[1]).toMatchObject({
      github: "Carol-P",
      githubId: "1003",
    });
  });

  test("takes an image tag and readers", async () => {
    await plue(
      "add",
      "carol",
      "--email",
      "carol@plue.dev",
      "--image-tag",
      "main",
      "--reader",
      "a@plue.dev",
      "--reader",
      "b@plue.dev",
    );
    expect(parseRegistry(folder.registry, "engineers.json").engineers[1]).toEqual(
      entry("carol", {
        state: "active",
        imageTag: "main",
        readers: ["a@plue.dev", "b@plue.dev"],
        labels: { owner: "carol" },
      }),
    );
  });

  test.each([
    [["Carol_", "--email", "x"], 'name: "Carol_" is not', '--email: "x" is not an e-mail address'],
    [
      ["kube-carol", "--email", "carol@plue.dev"],
      "is reserved: Kubernetes keeps these namespaces for itself",
    ],
    [["carol", "--email", "c@plue.dev", "--image-tag", "-"], '--image-tag: "-" is not an image tag'],
    [
      ["carol", "--email", "c@plue.dev", "--github", "@carol"],
      '--github: "@carol" is not a GitHub login: write it as the profile page does, capitals included, without @, for instance "carol"',
    ],
    [
      ["carol", "--email", "c@plue.dev", "--github", "carol"],
      'github "carol" has no "githubId" beside it: add the number that gh api users/carol --jq .id tells',
    ],
    [["carol", "--email", "alice@plue.dev"], "alice@plue.dev is the account of alice"],
    [
      ["Bob", "--email", "robert@plue.dev"],
      'name: "Bob" stands for the same name as "bob": call one of them something else',
    ],
    [["bob", "--email", "robert@plue.dev"], "engineers.json has that name already"],
  ])("%j is refused as synthesis would, and nothing is written", async (args, ...messages) => {
    const before = folder.registry;
    const { status, stderr } = await plue("add", ...args);
    expect(status).toBe(3);
    for (const message of messages) expect(stderr).toContain(message);
    expect(folder.registry).toBe(before);
  });

  test("a registry that is not valid is not touched, and each mistake is named with its line", async () => {
    folder.registry = '{\n  "engineers": [\n<<<<<<< HEAD\n  ]\n}\n';
    const before = folder.registry;
    const { status, stderr } = await plue("add", "carol", "--email", "carol@plue.dev");
    expect(status).toBe(3);
    expect(stderr).toMatch(/^engineers.json:3:1: a merge conflict is left here/);
    expect(folder.registry).toBe(before);
  });

  test("a command that is killed leaves the old registry or the new one, whole", async () => {
    const before = folder.registry;
    const added = ["engineers", "add", "carol", "--email", "carol@plue.dev"];
    for (let step = 1; ; step++) {
      folder.registry = before;
      const { status } = await folder.launch(added, {
        NODE_OPTIONS: `--require ${resolve("__tests__/support/kill-at-write.js")}`,
        KILL_AT: `engineers.json ${step}`,
      });
      const { engineers } = parseRegistry(folder.registry, "engineers.json");
      expect([step, engineers.length]).toEqual([step, status === 0 ? 3 : expect.any(Number)]);
      expect([2, 3]).toContain(engineers.length);
      if (status !== null) {
        expect([status, step > 4]).toEqual([0, true]);
        return;
      }
    }
  });
});

describe("edit", () => {
  const bob = () => parseRegistry(folder.registry, "engineers.json").engineers[1];

  test("changes one entry, shows both, and says what comes next", async () => {
    const before = folder.registry;
    const { status, stdout, stderr } = await plue(
      "edit",
      "bob",
      "--cpu",
      "8",
      "--pods",
      "20",
      "--image-tag",
      "main",
    );
    expect([status, stdout]).toEqual([0, ""]);
    expect(bob()).toMatchObject({ imageTag: "main", quota: { cpu: "8", pods: 20 } });
    const line =
      '{"name":"bob","email":"bob@plue.dev", "imageTag": "main", "quota": { "cpu": "8", "pods": 20 }}';
    expect(folder.registry).toBe(before.replace(/^( *)\{"name":"bob".*$/m, `$1${line}`));
    expect(stderr).toBe(
      `Changing bob in engineers.json:\n  from {"name":"bob","email":"bob@plue.dev"}\n  to   ${line}\n` +
        "Next:\n  npx plue changed --base HEAD   (the stacks that this changes)\n" +
        '  git commit engineers.json -m "Change bob", and open a pull request\n',
    );
  });

  test("takes back what it gave: the file is as it was", async () => {
    const before = folder.registry;
    const all = [
      "--cpu",
      "8",
      "--storage",
      "20Gi",
      "--image-tag",
      "main",
      "--github",
      "bob-p",
      "--github-id",
      "1002",
    ];
    await plue("edit", "bob", ...all, "--reader", "carol@plue.dev", "--reader", "dave@plue.dev");
    expect(bob()).toMatchObject({
      github: "bob-p",
      githubId: "1002",
      readers: ["carol@plue.dev", "dave@plue.dev"],
    });
    await plue("edit", "bob", "--remove-reader", "carol@plue.dev", "--no-quota", "--memory", "16Gi");
    expect(bob()).toMatchObject({ readers: ["dave@plue.dev"], quota: { memory: "16Gi" } });
    await plue(
      "edit",
      "bob",
      "--no-quota",
      "--no-image-tag",
      "--no-github",
      "--remove-reader",
      "dave@plue.dev",
    );
    expect(folder.registry).toBe(before);
  });

  test.each([
    [["--cpu", "99"], 3, "--cpu: "],
    [["--pods", "many"], 3, "--pods: "],
    [["--image-tag", "-x"], 3, '--image-tag: "-x" is not an image tag'],
    [["--reader", "carol"], 3, '--reader: "carol" is not an e-mail address'],
    [
      ["--github", "bob-p"],
      2,
      "--github bob-p wants --github-id beside it: gh api users/bob-p --jq .id tells",
    ],
    [["--github-id", "1"], 2, "--github-id wants --github beside it"],
    [
      ["--remove-reader", "eve@plue.dev"],
      2,
      "eve@plue.dev does not look into the namespace of bob; there are: none",
    ],
    [[], 2, "say what to change of bob: npx plue engineers edit --help lists it"],
  ])("%j is refused, and nothing is written", async (args, exitCode, message) => {
    const before = folder.registry;
    const { status, stderr } = await plue("edit", "bob", ...args);
    expect([status, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
    expect(folder.registry).toBe(before);
  });

  test("what the entry says already is told, and nothing is written", async () => {
    const { status, stderr } = await plue("edit", "bob", "--no-quota");
    expect([status, stderr]).toEqual([0, "engineers.json says that of bob already.\n"]);
  });
});

describe("two branches that both change the registry", () => {
  const git = (...args: string[]) => {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@plue.dev"];
    return spawnSync("git", [...identity, ...args], { cwd: folder.folder, encoding: "utf8" });
  };

  /** A branch for each registry, from main with the folder's own. */
  function branches(registries: Record<string, string>): void {
    copyFileSync(".gitattributes", join(folder.folder, ".gitattributes"));
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "Start");
    for (const [name, text] of Object.entries(registries)) {
      git("checkout", "-q", "-b", name, "main");
      folder.registry = text;
      git("commit", "-qam", name);
    }
  }

  async function addOnBranches(...people: string[]): Promise<void> {
    const texts: [string, string][] = people.map((name) => [name, addEntry(folder.registry, entry(name))]);
    branches(Object.fromEntries(texts));
  }
  const merge = (branch: string) => git("merge", "-q", "-m", `Merge ${branch}`, branch).status;

  test("are merged by git alone where their lines are apart", async () => {
    await addOnBranches("adam", "carol");
    expect(merge("adam")).toBe(0);
    expect(names()).toEqual(["adam", "alice", "carol", "bob"]);
  });

  test("stop where somebody is removed beside one who is added, and are merged by entry", async () => {
    const without = removeEntry(folder.registry, "bob");
    branches({ removal: without, addition: addEntry(folder.registry, entry("carol")) });
    expect(merge("removal")).not.toBe(0);
    const { status, stdout, stderr } = await plue("merge");
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toBe(
      "Merged engineers.json by entry:\n  HEAD adds carol\n  the other side removes bob\nNext:\n  git add engineers.json\n  git status\n",
    );
    expect(names()).toEqual(["alice", "carol"]);
    git("add", "engineers.json");
    expect(git("-c", "core.editor=true", "merge", "--continue").status).toBe(0);
  });

  test("are merged by entry in a rebase too", async () => {
    await addOnBranches("carol", "dave");
    expect(git("rebase", "-q", "carol").status).not.toBe(0);
    expect((await plue("merge")).status).toBe(0);
    expect(names()).toEqual(["alice", "carol", "dave", "bob"]);
  });

  test("that change one entry differently are left to a person, with what either says", async () => {
    const offboarding = setState(folder.registry, "bob", "offboarding");
    branches({ removal: removeEntry(folder.registry, "bob"), offboarding });
    expect(merge("removal")).not.toBe(0);
    const before = folder.registry;
    const { status, stderr } = await plue("merge");
    expect(status).toBe(5);
    expect(stderr).toContain(
      "engineers.json is left as it is, as both sides changed the same entry:\n  bob\n",
    );
    expect(stderr).toMatch(/HEAD: +\{"name":"bob",.*"state":"offboarding"\}\n +the other side: removed\n/);
    expect(folder.registry).toBe(before);
  });

  test("of which one is not valid are not merged by entry", async () => {
    const theirs = addEntry(folder.registry, entry("carol")).replace("carol@plue.dev", "carol");
    branches({ theirs, ours: addEntry(folder.registry, entry("dave")) });
    expect(merge("theirs")).not.toBe(0);
    const { status, stderr } = await plue("merge");
    expect(status).toBe(3);
    expect(stderr).toMatch(/^engineers\.json of the other side:\d+:\d+: .*"carol" is not an e-mail address/);
  });

  test("that are merged leave nothing to merge by entry", async () => {
    await addOnBranches("adam");
    const { status, stderr } = await plue("merge");
    expect([status, stderr]).toEqual([
      2,
      "engineers.json has no conflict between two versions of it: git status tells\n",
    ]);
  });

  test("see what is not committed yet", async () => {
    branches({});
    await plue("add", "carol", "--email", "carol@plue.dev");
    const { stderr } = await plue("offboard", "carol");
    expect(stderr).toMatch(
      /^engineers.json has changes that are not committed yet; this one is added to them\.\n/,
    );
  });
});

describe("list and show", () => {
  test("list prints a row each, in the order of the file", async () => {
    const { stdout } = await plue("list");
    expect(stdout.split("\n").map((line) => line.split(/ +/).slice(0, 3))).toEqual([
      ["NAME", "E-MAIL", "STATE"],
      ["alice", "alice@plue.dev", "active"],
      ["bob", "bob@plue.dev", "active"],
      [""],
    ]);
  });

  test("list --json prints the entries with their defaults", async () => {
    const { stdout } = await plue("list", "--json");
    expect(JSON.parse(stdout)[0]).toEqual(
      entry("alice", { state: "active", imageTag: "alice", readers: [], labels: { owner: "alice" } }),
    );
  });

  test("show names all that is called after an engineer", async () => {
    const { stdout } = await plue("show", "alice");
    expect(stdout).toContain("url        https://alice.staging.plue.dev\n");
    expect(stdout).toContain("deployer   tf-staging-alice@plue-staging.iam.gserviceaccount.com\n");
    const { url, names } = JSON.parse((await plue("show", "alice", "--json")).stdout);
    expect([url, names.database]).toEqual(["https://alice.staging.plue.dev", "plue_alice"]);
  });

  test.each(["show", "edit", "offboard", "remove"])(
    "%s of somebody unknown suggests the nearest name",
    async (command) => {
      const before = folder.registry;
      expect(await plue(command, "alcie")).toEqual({
        status: 2,
        stdout: "",
        stderr: 'engineers.json has no engineer "alcie"; did you mean alice?\n',
      });
      expect((await plue(command, "zebra")).stderr).toBe(
        'engineers.json has no engineer "zebra"; there are: alice, bob\n',
      );
      expect(folder.registry).toBe(before);
    },
  );
});

describe("offboard", () => {
  test("sets the state on the entry's line, and says what comes next", async () => {
    const before = folder.registry;
    const { status, stderr } = await plue("offboard", "bob");
    expect(status).toBe(0);
    expect(folder.registry).toBe(before.replace('"bob@plue.dev"', '"bob@plue.dev", "state": "offboarding"'));
    expect(stderr).toContain("npx plue deploy staging-access\n  npx cdktf destroy staging-bob   (");
    expect(stderr).toContain(
      "the stack acts as tf-staging-bob@plue-staging.iam.gserviceaccount.com and as nobody else",
    );
  });

  test("names the environments that she still reads", async () => {
    await plue("add", "carol", "--email", "carol@plue.dev", "--reader", "bob@plue.dev");
    const { stderr } = await plue("offboard", "bob");
    expect(stderr).toContain(
      'bob@plue.dev also reads the environment of carol: take the address out of "readers"',
    );
  });

  test("done twice changes nothing", async () => {
    await plue("offboard", "bob");
    const before = folder.registry;
    expect((await plue("offboard", "bob")).stderr).toMatch(/^bob is offboarding already\.\nNext:/);
    expect(folder.registry).toBe(before);
  });
});

describe("remove, when state cannot be read", () => {
  const unreachable = { STORAGE_EMULATOR_HOST: "127.0.0.1:1" };
  const nowhere = { STORAGE_EMULATOR_HOST: "::" };

  test("keeps the entry: nobody knows what would be lost", async () => {
    const before = folder.registry;
    const { status, stderr } = await folder.plue(["engineers", "remove", "bob", "--yes"], unreachable);
    expect(status).toBe(4);
    expect(stderr).toMatch(
      /^bob was not removed: it is not known what staging-bob holds: cannot read .*: Google Cloud cannot be reached/,
    );
    expect(folder.registry).toBe(before);
  });

  test("--force removes it for who types the name, and for nobody else", async () => {
    const force = ["engineers", "remove", "bob", "--force", "--yes"];
    expect((await folder.plue(force, nowhere, "yes\n")).status).toBe(5);
    expect((await folder.plue(force, nowhere)).status).toBe(5);
    expect(names()).toEqual(["alice", "bob"]);
    expect((await folder.plue(force, nowhere, "bob\n")).status).toBe(0);
    expect(folder.registry).toBe(registryText([entry("alice")]));
  });
});
