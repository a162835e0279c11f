import { parseRegistry } from "../../../stacks/plue/registry";
import { mayDeploy } from "../../../tools/ci/may-deploy";
import { EXIT } from "../../../tools/command-line/errors";

const registry = parseRegistry(
  JSON.stringify({
    engineers: [
      { name: "alice", email: "alice@plue.dev", github: "Alice-P" },
      { name: "bob", email: "bob@plue.dev" },
      { name: "carol", email: "carol@plue.dev", github: "carol", state: "offboarding" },
    ],
  }),
  "engineers.json",
);

test("a branch deploys the environment of who pushed it", () => {
  expect(mayDeploy("refs/heads/staging/alice", "Alice-P", registry).name).toBe("alice");
});

test.each([
  ["refs/heads/staging/alice", "bob", "bob pushed, and alice's login in engineers.json is Alice-P"],
  ["refs/heads/staging/alice", "alice-p", "alice-p pushed, and alice's login in engineers.json is Alice-P"],
  ["refs/heads/staging/bob", "bob", "engineers.json gives bob no GitHub login"],
  ["refs/heads/staging/carol", "carol", "carol is offboarding in engineers.json"],
  ["refs/heads/staging/alise", "Alice-P", "engineers.json has no alise (but alice)"],
  ["refs/heads/staging/base", "Alice-P", "engineers.json has no base"],
  ["refs/heads/staging/alice/x", "Alice-P", "engineers.json has no alice/x"],
  ["refs/heads/main", "Alice-P", "only branches staging/<name> are"],
  ["refs/tags/staging/alice", "Alice-P", "only branches staging/<name> are"],
  ["refs/heads/staging/", "Alice-P", "only branches staging/<name> are"],
])("%s pushed by %s is refused: %s", (ref, actor, why) => {
  expect(() => mayDeploy(ref, actor, registry)).toThrow(expect.objectContaining({ exitCode: EXIT.refused }));
  expect(() => mayDeploy(ref, actor, registry)).toThrow(`${ref} is not deployed: ${why}`);
});
