import { parseRegistry } from "../../../stacks/plue/registry";
import { mayDeploy } from "../../../tools/ci/may-deploy";
import { EXIT } from "../../../tools/command-line/errors";

const registry = parseRegistry(
  JSON.stringify({
    engineers: [
      { name: "alice", email: "alice@plue.dev", github: "Alice-P", githubId: "1001" },
      { name: "bob", email: "bob@plue.dev" },
      { name: "carol", email: "carol@plue.dev", github: "carol", githubId: "1003", state: "offboarding" },
    ],
  }),
  "engineers.json",
);

test("a branch deploys the environment of who pushed it, whatever her login is by now", () => {
  expect(mayDeploy("refs/heads/staging/alice", { login: "alice-new", id: "1001" }, registry).name).toBe(
    "alice",
  );
  expect(mayDeploy("refs/heads/staging/alice", { login: "Alice-P", id: "1001" }, registry).name).toBe(
    "alice",
  );
});

test.each([
  [
    "refs/heads/staging/alice",
    "bob",
    "1002",
    "bob (1002) pushed, and alice's account in engineers.json is Alice-P (1001)",
  ],
  // Who took over a login that she gave up.
  [
    "refs/heads/staging/alice",
    "Alice-P",
    "6666",
    "Alice-P (6666) pushed, and alice's account in engineers.json is Alice-P (1001)",
  ],
  ["refs/heads/staging/bob", "bob", "1002", "engineers.json gives bob no GitHub login"],
  ["refs/heads/staging/carol", "carol", "1003", "carol is offboarding in engineers.json"],
  ["refs/heads/staging/alise", "Alice-P", "1001", "engineers.json has no alise (but alice)"],
  ["refs/heads/staging/base", "Alice-P", "1001", "engineers.json has no base"],
  ["refs/heads/staging/alice/x", "Alice-P", "1001", "engineers.json has no alice/x"],
  ["refs/heads/main", "Alice-P", "1001", "only branches staging/<name> are"],
  ["refs/tags/staging/alice", "Alice-P", "1001", "only branches staging/<name> are"],
  ["refs/heads/staging/", "Alice-P", "1001", "only branches staging/<name> are"],
])("%s pushed by %s (%s) is refused: %s", (ref, login, id, why) => {
  const actor = { login, id };
  expect(() => mayDeploy(ref, actor, registry)).toThrow(expect.objectContaining({ exitCode: EXIT.refused }));
  expect(() => mayDeploy(ref, actor, registry)).toThrow(`${ref} is not deployed: ${why}`);
});
