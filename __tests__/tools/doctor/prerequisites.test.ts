import type { Stacks, TerraformJson } from "../../../lib/core/terraform-json";
import { namedStacks, prerequisitesOf } from "../../../tools/doctor/prerequisites";
import { projectOf, synthesizeProgram } from "../../support/program";

const project = projectOf();
const stacks: Stacks = new Map(
  [...synthesizeProgram()].map(([name, { json }]) => [name, json as TerraformJson]),
);

test.each([
  // Custom roles on the bucket, which is in production's project.
  ["staging-bootstrap", ["production-bootstrap"]],
  // Outputs; custom roles and the identity of plans; the ClusterRole that deployers are bound to.
  ["staging-access", ["staging-base", "staging-bootstrap", "staging-platform"]],
  // Outputs; the identities that it runs, deploys and is planned as.
  ["staging-alice", ["staging-access", "staging-base", "staging-bootstrap"]],
  ["production-bootstrap", []],
])("%s reads or names what %j make", (stack, expected) => {
  expect([...namedStacks(stack, stacks)].sort()).toEqual(expected);
});

test.each([
  ["staging-bootstrap", ["production-bootstrap"]],
  ["staging-base", ["staging-bootstrap"]],
  ["staging-alice", ["staging-bootstrap", "staging-base", "staging-platform", "staging-access"]],
  ["production-app", ["production-bootstrap", "production"]],
])("before %s come %j, and no engineer's", (stack, expected) => {
  const declared = project.declared.find((one) => one.stack === stack);
  expect(declared && prerequisitesOf(declared, project, stacks)).toEqual(expected);
});

test("no stack waits for itself, in a circle", () => {
  const left = new Map([...stacks.keys()].map((stack) => [stack, namedStacks(stack, stacks)]));
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [stack, before] of left) if (![...before].some((one) => left.has(one))) left.delete(stack);
  }
  expect([...left]).toEqual([]);
});
