import { environmentLabels } from "../../../lib/core/labels";

test("what is said of one thing does not replace what is said of all", () => {
  expect(environmentLabels("staging", { owner: "alice", managed_by: "alice" })).toEqual({
    environment: "staging",
    owner: "alice",
    managed_by: "terraform",
  });
});
