import { engineerLimits } from "../../../lib/environments/capacity";
import { stagingCapacity } from "../../../stacks/plue/capacity";
import { STAGING_SIZES } from "../../../stacks/plue/staging-base";

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
