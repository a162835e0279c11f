import { engineerNames, MAX_NAME_LENGTH } from "../../../../stacks/plue/registry/engineer-names";

test("everything that is called after alice", () => {
  expect(engineerNames("alice", "plue-staging")).toEqual({
    stack: "staging-alice",
    namespace: "alice",
    database: "plue_alice",
    runtimeAccountId: "staging-alice",
    runtimeEmail: "staging-alice@plue-staging.iam.gserviceaccount.com",
    databaseUser: "staging-alice@plue-staging.iam",
    deployerAccountId: "tf-staging-alice",
    deployerEmail: "tf-staging-alice@plue-staging.iam.gserviceaccount.com",
    stateFolder: "staging-alice/",
    hostLabel: "alice",
  });
});

test("a database takes _ for every -", () => {
  expect(engineerNames("mary-ann-o", "p").database).toBe("plue_mary_ann_o");
});

/** What each of the names may be, where it is used. */
const LIMITS = {
  stack: /^[a-z0-9-]{1,255}$/,
  namespace: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  database: /^[a-z][a-z0-9_]{0,62}$/,
  runtimeAccountId: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  deployerAccountId: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  databaseUser: /^.{1,63}$/,
  stateFolder: /^[a-z0-9-]{1,254}\/$/,
  hostLabel: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
};
const tooMuchFor = (name: string) => {
  const longestProject = `p${"x".repeat(29)}`;
  const names = engineerNames(name, longestProject);
  return Object.entries(LIMITS)
    .filter(([key, limit]) => !limit.test(names[key as keyof typeof LIMITS]))
    .map(([key]) => key);
};

test("the shortest and the longest name fit everywhere, with the longest project id", () => {
  expect(tooMuchFor("a")).toEqual([]);
  expect(tooMuchFor("a".repeat(MAX_NAME_LENGTH))).toEqual([]);
});

test("the limit is no tighter than it must be, and which limit comes next is known", () => {
  expect(MAX_NAME_LENGTH).toBe(19);
  expect(tooMuchFor("a".repeat(20))).toEqual(["deployerAccountId"]);
  expect(tooMuchFor("a".repeat(21))).toEqual(["deployerAccountId", "databaseUser"]);
  expect(tooMuchFor("a".repeat(23))).toEqual(["runtimeAccountId", "deployerAccountId", "databaseUser"]);
});
