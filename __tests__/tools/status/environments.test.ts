import { GoogleError } from "../../../tools/google/error";
import type { StoredStack } from "../../../tools/state/state-bucket";
import { StateError } from "../../../tools/state/terraform-state";
import { compare } from "../../../tools/status/environments";
import { projectOf, synthesizeProgram } from "../../support/program";

const engineers = ["alice", "bob"].map((name) => ({ name, email: `${name}@plue.dev` }));
const { declared } = projectOf({ engineers });
const holding = (stack: string, ...resources: string[]): StoredStack => ({
  stack,
  state: { terraformVersion: "1.11.4", serial: 1, resources, images: [], providers: [] },
});

test("the stacks are those that the program declares", () => {
  expect(declared.map(({ stack }) => stack).sort()).toEqual(
    [...synthesizeProgram({ engineers }).keys()].sort(),
  );
});

test.each([
  ["deployed", holding("staging-bob", "a.b")],
  ["empty", holding("staging-bob")],
  ["missing", undefined],
  ["forbidden", { stack: "staging-bob", error: new GoogleError("forbidden", "", "") }],
  ["unreadable", { stack: "staging-bob", error: new StateError("", "damaged") }],
])("a stack is %s", (condition, stored) => {
  const { environments, orphans } = compare(declared, stored ? [stored] : []);
  expect(environments.find(({ stack }) => stack === "staging-bob")?.condition).toBe(condition);
  expect(environments).toHaveLength(declared.length);
  expect(orphans).toEqual([]);
});

test("an orphan is what nobody declares, and holds something, may hold something, or is locked", () => {
  const zoe = holding("staging-zoe", "a.b");
  const locked = { ...holding("staging-yan"), lock: { id: "1", since: new Date() } };
  const damaged = { stack: "staging-xia", error: new StateError("", "damaged") };
  const { orphans } = compare(declared, [zoe, locked, damaged, holding("staging-gone")]);
  expect(orphans).toEqual([zoe, locked, damaged]);
});
