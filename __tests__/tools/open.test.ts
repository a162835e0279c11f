import { parseFilter } from "../support/filter-grammar";
import { PlueFolder } from "../support/plue";

const folder = new PlueFolder([{ name: "alice", email: "alice@plue.dev" }]);
afterAll(() => folder.remove());

const json = async (...args: string[]) => JSON.parse((await folder.plue([...args, "--json"])).stdout);
const queryOf = (url: string) => decodeURIComponent(/query=([^?]+)\?/.exec(url)?.[1] ?? "");

test("an engineer's logs are those of her namespace, in staging's project", async () => {
  const { url, filter, command } = await json("logs", "alice");
  expect(url).toMatch(/^https:\/\/console\.cloud\.google\.com\/logs\/query;query=\S+\?project=plue-staging$/);
  expect(queryOf(url)).toBe(filter);
  expect(parseFilter(filter, "logging")).toEqual([
    { path: "resource.type", operator: "=", value: "k8s_container" },
    { path: "resource.labels.namespace_name", operator: "=", value: "alice" },
  ]);
  expect(command).toContain(`'${filter}' --project=plue-staging`);
  expect((await json("logs", "alice", "--errors")).filter).toMatch(/ AND severity>=ERROR$/);
});

test("an environment's are all of its project's", async () => {
  const { filter, url } = await json("logs", "production");
  expect(filter).not.toContain("namespace_name");
  expect(url).toMatch(/\?project=plue-prod$/);
});

test("open has where an environment answers, its logs, traces and dashboards", async () => {
  const links = await json("open", "alice");
  expect(Object.keys(links)).toEqual(["environment", "logs", "errors", "traces", "dashboards", "alerts"]);
  expect(links.environment).toBe("https://alice.staging.plue.dev");
  for (const link of Object.values(links).slice(1)) expect(link).toMatch(/project=plue-staging$/);
  const { stdout } = await folder.plue(["open", "alice"]);
  expect(stdout).toContain(links.dashboards);
});

test.each(["logs", "open"])(
  "%s refuses a name that is nobody's, with those that there are",
  async (command) => {
    const { status, stdout, stderr } = await folder.plue([command, "zoe"]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(
      "No engineer and no environment is called zoe. Environments: staging, production",
    );
  },
);
