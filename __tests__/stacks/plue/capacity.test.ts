import { engineerLimits } from "../../../lib/environments/capacity";
import { stagingCapacity } from "../../../stacks/plue/capacity";
import { STAGING_SIZES } from "../../../stacks/plue/staging-base";
import { programFiles } from "../../support/program";

const { nodePools } = STAGING_SIZES.cluster;
const limitsOn = (machineType: string) =>
  engineerLimits(
    stagingCapacity(0, {
      ...STAGING_SIZES,
      cluster: { nodePools: { ...nodePools, default: { ...nodePools.default, machineType } } },
    }),
  );

test("staging holds two engineers, for want of CPU in the default pool", () => {
  expect(engineerLimits(stagingCapacity(0))).toEqual([
    { scarce: "CPU of node pool default", engineers: 2 },
    { scarce: "connections of the database", engineers: 3 },
    { scarce: "CPU of node pool sandbox", engineers: 35 },
  ]);
});

test("larger machines hold more, until something else runs out", () => {
  expect(limitsOn("e2-standard-2")).toEqual([
    { scarce: "connections of the database", engineers: 3 },
    { scarce: "CPU of node pool default", engineers: 12 },
    { scarce: "CPU of node pool sandbox", engineers: 35 },
  ]);
});

test("of machines that nobody has described, nobody says how many engineers they hold", () => {
  expect(() => limitsOn("z9-standard-2")).toThrow(/^"z9-standard-2" is no known machine type/);
});

test("more engineers than fit are a warning of the program", () => {
  const engineers = [..."bcdefghij"].map((name) => ({ name, email: `${name}@plue.dev` }));
  const { stacks } = JSON.parse(programFiles({ engineers }).get("manifest.json") ?? "");
  const annotations: { level: string; message: string }[] = Object.values<{ annotations: [] }>(
    stacks,
  ).flatMap((stack) => stack.annotations);
  expect(annotations).toContainEqual(
    expect.objectContaining({
      level: "@cdktf/warn",
      message: expect.stringMatching(/^The database is short of \d+ connections: 9 engineers may hold /),
    }),
  );
});
