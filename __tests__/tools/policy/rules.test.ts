import { checkRules, RULES } from "../../../tools/policy/rules";
import { type Bad, badStacks, programOf } from "../../support/bad-stacks";
import { ALICE, BOB, projectOf, synthesizeProgram } from "../../support/program";

const engineers = [ALICE, { ...BOB, state: "offboarding", readers: ["carol@plue.dev"] }];
const program = {
  project: projectOf({ engineers }),
  stacks: new Map([...synthesizeProgram({ engineers })].map(([name, { json }]) => [name, json])),
};
const bad = badStacks();

test.each(RULES.map((rule) => [rule.title, rule] as const))("%s: holds in every stack", (_, rule) => {
  const found = rule.check(program).map(({ stack, address, message }) => `${stack}: ${address} ${message}`);
  expect(found).toEqual([]);
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
