import { readFileSync } from "node:fs";
import { commandsOf } from "../support/shell-commands";
import { admin, Client, succeed } from "./support/cluster";
import { deployerOf, Environment } from "./support/environment";

/** Follows the runbooks that are about what a cluster holds, command by command. */
const alice = Environment.ofEngineer("alice", "1");
const next = Environment.ofEngineer("alice", "2");
const deployer = new Client(deployerOf("alice"));
const commands = commandsOf(readFileSync("docs/runbooks/failed-release.md", "utf8"));

interface Revision {
  readonly revision: number;
  readonly status: string;
}
const history = (): Revision[] => JSON.parse(alice.helm("history", alice.release.name, "-o", "json"));

beforeAll(() => {
  alice.remove();
  alice.guard();
});
afterAll(() => alice.remove());

test.each([
  ["install", alice, "pending-install"],
  ["upgrade", next, "pending-upgrade"],
])(
  "failed-release: a killed %s blocks the next, until the record of its revision is deleted",
  async (_, environment, status) => {
    await environment.killDeploy();
    const pending = history().at(-1);
    expect(pending?.status).toBe(status);
    const blocked = await environment.deploy();
    expect([blocked.ok, blocked.text]).toEqual([
      false,
      expect.stringContaining("another operation (install/upgrade/rollback) is in progress"),
    ]);

    const [deletion = ""] = commands.filter((line) => line.startsWith("kubectl delete configmap"));
    const words = deletion.replace("plue.v3", `plue.v${pending?.revision}`).split(" ").slice(1);
    expect(deployer.run(words)).toContain("deleted");
    succeed(await environment.deploy());
    expect(history().at(-1)).toMatchObject({ status: "deployed" });
  },
);

test("failed-release: what it tells to look at answers", () => {
  const looks = commands.filter((line) => /^kubectl (get|rollout)/.test(line));
  expect(looks.length).toBeGreaterThan(2);
  for (const line of looks) expect(admin.try(line.split(" ").slice(1))).toMatchObject({ ok: true });
});
