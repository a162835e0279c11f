import { readFileSync } from "node:fs";
import { atLeast, checkNode } from "../../../tools/doctor/tools";

test.each([
  ["1.11.0", "1.11.0", true],
  ["1.11.0", "1.9.9", false],
  ["1.9.9", "1.11.0", true],
  ["2.0.0", "1.11.5", false],
  ["1.11", "1.11.0", true],
  ["1.11.0-rc1", "1.11.1", true],
])("whoever wants %s may have %s: %s", (wanted, version, enough) => {
  expect(atLeast(version, wanted)).toBe(enough);
});

test("the Node that is wanted is the one that package.json names", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  const oldest = engines.node.replace(">=", "");
  expect(checkNode(oldest)).toEqual({ name: "node", needed: true, ok: true, found: oldest });
  expect(checkNode("20.8.99")).toEqual({
    name: "node",
    needed: true,
    ok: false,
    found: `20.8.99, and ${oldest} is the oldest that will do`,
    mend: "nvm install 20",
  });
});
