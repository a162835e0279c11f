import { renderCharts } from "../../../tools/policy/rendered-charts";
import { checkRules, type Program, RULES } from "../../../tools/policy/rules";
import { synthesizeSources } from "../../../tools/synthesis";
import { type Bad, badStacks, programOf } from "../../support/bad-stacks";
import { describeOnlyWith } from "../../support/needs";
import { ALICE, BOB, projectOf } from "../../support/program";

const project = projectOf({
  engineers: [ALICE, { ...BOB, state: "offboarding", readers: ["carol@plue.dev"] }],
});
const sources = synthesizeSources(project);
const stacks = new Map(sources.map(({ name, json }) => [name, json]));
const bad = badStacks();
const find = (rule: (typeof RULES)[number], program: Program) =>
  rule.check(program).map(({ stack, address, message }) => `${stack}: ${address} ${message}`);
const byTitle = RULES.map((rule) => [rule.title, rule] as const);

test.each(byTitle)("%s: holds in every stack", (_, rule) => {
  expect(find(rule, { project, stacks, releases: [] })).toEqual([]);
});

describeOnlyWith("helm", "what the stacks' releases would make", () => {
  let releases: Program["releases"];
  beforeAll(async () => {
    ({ releases } = await renderCharts(sources, "helm"));
    expect(releases.length).toBeGreaterThan(4);
  });

  test.each(byTitle)("%s: holds in every chart", (_, rule) => {
    expect(find(rule, { project, stacks: new Map(), releases })).toEqual([]);
  });
});

test("every rule has bad examples, and every bad example a rule", () => {
  expect([...bad.keys()]).toEqual(RULES.map(({ id }) => id).sort());
  for (const examples of bad.values()) expect(Object.keys(examples).length).toBeGreaterThan(0);
});

describe("what the bad examples are made of is sound", () => {
  test.each(["staging-base", "production"])("in %s", (name) => {
    for (const build of ["network", "cluster", "database"] as const)
      expect(checkRules(programOf({ in: name, build: (stack) => void stack[build]() }))).toEqual([]);
  });

  test("read replicas in production: one in the primary's region has its key, one elsewhere has its own", () => {
    const build: Bad = (bad) =>
      void bad.database({ replicas: { a: {}, east: { region: "us-east1", encryptionKey: bad.key } } });
    expect(checkRules(programOf({ in: "production", build }))).toEqual([]);
  });
});

describe.each([...bad])("%s", (id, examples) => {
  test.each(Object.entries(examples))("catches: %s", (_, example) => {
    const found = checkRules(programOf(example));
    expect([...new Set(found.map(({ rule }) => rule))]).toEqual([id]);
    // Says what is wrong, and what to write instead.
    for (const { message } of found) expect(message).toMatch(/\S(: |\. )\S+ \S+/);
  });
});
