import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { LAUNCHER, PlueFolder } from "../support/plue";

let folder: PlueFolder;
const committed = readFileSync("cdktf.json", "utf8");
beforeEach(() => {
  folder = new PlueFolder();
  cpSync("cdktf.schema.json", join(folder.folder, "cdktf.schema.json"));
});
afterEach(() => folder.remove());

const file = () => join(folder.folder, "cdktf.json");
const written = () => readFileSync(file(), "utf8");
const configured = () => JSON.parse(written()).context.plue;
const sets = (values: Record<string, string>) =>
  Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
const ZEROS = {
  cloudflareZoneId: "0123456789abcdef0123456789abcdef",
  billingAccount: "01A2B3-4C5D6E-7F8091",
  githubOwnerId: "1234567",
  "staging.projectNumber": "123456789012",
  "production.projectNumber": "210987654321",
};

test("piped, writes what flags give, and leaves every other character as it is", async () => {
  const { status, stdout, stderr } = await folder.plue(["init", ...sets(ZEROS)]);
  expect([status, stdout]).toEqual([0, ""]);
  expect(stderr).toContain("  staging.projectNumber: 000000000000 -> 123456789012\n");
  expect(stderr).toContain("5 values are written to cdktf.json.\nNext:\n  npx plue doctor\n");
  const expected = committed
    .replace("0".repeat(32), ZEROS.cloudflareZoneId)
    .replace("000000-000000-000000", ZEROS.billingAccount)
    .replace('"0000000"', `"${ZEROS.githubOwnerId}"`)
    .replace("000000000000", ZEROS["staging.projectNumber"])
    .replace("000000000000", ZEROS["production.projectNumber"]);
  expect(written()).toBe(expected);
  const again = await folder.plue(["init"]);
  expect([again.status, again.stderr]).toEqual([
    0,
    expect.stringMatching(/^Nothing to change in cdktf\.json\.\n/),
  ]);
});

test("piped, names every flag that is missing, and writes nothing", async () => {
  const { githubOwnerId: _, ...others } = ZEROS;
  const { status, stderr } = await folder.plue(["init", ...sets(others)]);
  expect([status, stderr]).toEqual([
    2,
    "still zeros, and nobody is here to be asked. Give them: --set githubOwnerId=…. Nothing was changed.\n",
  ]);
  expect(written()).toBe(committed);
});

test("values that are no zeros are replaced after a question, or with --yes", async () => {
  const more = sets({ ...ZEROS, "staging.projectId": "acme-staging", "staging.monthlyBudget.amount": "500" });
  const { status, stderr } = await folder.plue(["init", ...more]);
  expect(status).toBe(5);
  expect(stderr).toContain("2 of these are no zeros in cdktf.json. Replace them? Nobody is here to answer");
  expect(written()).toBe(committed);
  expect((await folder.plue(["init", "--yes", ...more])).status).toBe(0);
  expect(configured().staging).toMatchObject({ projectId: "acme-staging", monthlyBudget: { amount: 500 } });
});

test("what may be left out is left out by giving nothing, and what may be added is added", async () => {
  const given = sets({ ...ZEROS, billingAccount: "", applicationRepository: "plue/plue" });
  expect((await folder.plue(["init", ...given])).status).toBe(0);
  expect(configured()).toMatchObject({ applicationRepository: "plue/plue" });
  expect(configured()).not.toHaveProperty("billingAccount");
});

test.each([
  [{ domian: "acme.dev" }, 3, 'domian: unknown key "domian": did you mean "domain"?'],
  [{ "staging.region": "us-centrl1" }, 3, 'staging.region: "us-centrl1" is no region that is known here'],
  [{ cloudflareZoneId: "x" }, 3, 'cloudflareZoneId: "x" is not a zone id'],
  [{ "production.projectId": "plue-staging" }, 3, "production.projectId: "],
  [{ domain: "" }, 3, 'the key "domain" is missing'],
  [{ "domain.x": "1" }, 3, "domain.x: domain is one value, with none below it"],
])("%j is refused by the program's own checks, and nothing is written", async (values, exitCode, message) => {
  const { status, stderr } = await folder.plue(["init", "--yes", ...sets({ ...ZEROS, ...values })]);
  expect([status, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
  expect(written()).toBe(committed);
});

test("a flag without a value is wrong usage", async () => {
  const { status, stderr } = await folder.plue(["init", "--set", "domain"]);
  expect(status).toBe(2);
  expect(stderr).toContain("Write key=value, for instance staging.projectId=acme-staging.");
});

describe("in a terminal", () => {
  /** Answers each question, by how it begins; Enter for all others. @returns what was printed */
  async function answer(
    answers: readonly (readonly [question: string, answer: string])[],
    args: string[] = [],
  ) {
    const preload = join(folder.folder, "terminal.cjs");
    writeFileSync(preload, 'Object.defineProperty(process.stdin, "isTTY", { value: true });');
    const child = spawn(process.execPath, ["--require", preload, LAUNCHER, "init", ...args], {
      cwd: folder.folder,
      env: { ...process.env, NO_COLOR: "1" },
    });
    const left = [...answers];
    let [printed, read] = ["", 0];
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      printed += chunk;
      const question = stripVTControlCharacters(printed.slice(read)).split("\n").at(-1) ?? "";
      if (!/(: |\[y\/N\] )$/.test(question)) return;
      read = printed.length;
      const at = left.findIndex(([begins]) => question.startsWith(begins));
      const [[, typed] = ["", ""]] = at < 0 ? [] : left.splice(at, 1);
      child.stdin.write(`${typed}\n`);
    });
    const [status] = await once(child, "close");
    return { status, printed, left };
  }

  test("asks for each value with what it is for, and again where it is not one", async () => {
    const { status, printed, left } = await answer([
      ["domain [plue.dev]", "acme.dev"],
      ["cloudflareZoneId", "xyz"],
      ["cloudflareZoneId", ZEROS.cloudflareZoneId],
      ["billingAccount", "-"],
      ["githubOwnerId", "1234567"],
      ["staging.projectNumber", "123456789012"],
      ["staging.domain", ""],
      ["staging.domain", "staging.acme.dev"],
      ["staging.monthlyBudget.amount", "-"],
      ["staging.monthlyBudget.amount", "500"],
      ["production.projectNumber", "210987654321"],
      ["production.domain", "acme.dev"],
      ["4 of these", "y"],
    ]);
    expect(left.map(([question]) => question).filter((question) => !question.includes("of these"))).toEqual(
      [],
    );
    expect(status).toBe(0);
    expect(printed).toContain(
      "Cloudflare zone of the domain, from its overview page. Set it before the first deploy.\ncloudflareZoneId (for instance 0123456789abcdef0123456789abcdef): ",
    );
    expect(printed).toContain('"xyz" is not a zone id: copy the 32 hexadecimal digits');
    expect(printed).toContain('"staging.plue.dev" is not one label below "acme.dev"');
    expect(configured()).toMatchObject({
      domain: "acme.dev",
      cloudflareZoneId: ZEROS.cloudflareZoneId,
      staging: {
        domain: "staging.acme.dev",
        projectNumber: "123456789012",
        monthlyBudget: { amount: 500 },
      },
      production: { domain: "acme.dev", projectNumber: "210987654321" },
    });
    expect(configured()).not.toHaveProperty("billingAccount");
  });

  test("keeps what nobody changes, and says what is still zeros", async () => {
    const { status, printed } = await answer([], sets({ githubOwnerId: "1234567" }));
    expect(status).toBe(0);
    expect(printed).not.toContain("githubOwnerId (");
    expect(printed).toContain(
      "npx plue init   (again, for cloudflareZoneId, billingAccount, staging.projectNumber, production.projectNumber)",
    );
    expect(written()).toBe(committed.replace('"0000000"', '"1234567"'));
  });

  test("replaces nothing that is no zeros without a yes", async () => {
    const { status } = await answer([["staging.projectId", "acme-staging"]]);
    expect(status).toBe(5);
    expect(written()).toBe(committed);
  });
});
