import { engineerLimits } from "../../lib/environments/capacity";
import { STAGING_PLATFORM, stagingCapacity } from "../../stacks/plue/capacity";
import { ENGINEERS } from "./setup";
import { admin, type KubernetesObject } from "./support/cluster";
import { Environment } from "./support/environment";
import { simulatedNodes } from "./support/nodes";

/** Staging as large as it may grow, with what its nodes and the platform run beside the engineers. */
const { nodePools, database } = stagingCapacity(0);
const limits = engineerLimits({ nodePools, database });
const POOLS = Object.entries(nodePools).map(([name, pool]) => ({
  name,
  ...pool,
  sandbox: name === "sandbox",
}));
const OTHERS = 4;

const others = () =>
  admin.list("nodes", undefined, "-l", "simulated!=true").map(({ metadata }) => metadata.name);
const pod = (name: string, requests: object, spec: object): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "main", image: "example/system", resources: { requests } }],
    ...spec,
  },
});

/** An equal share of an amount, in its own unit. */
const share = (quantity: string, parts: number) =>
  quantity.replace(/^\d+/, (number) => String(Math.floor(Number(number) / parts)));

beforeAll(() => {
  for (const node of others()) admin.run(["cordon", node]);
  for (const { name, maxNodes, machineType, systemPerNode, sandbox } of POOLS) {
    const nodes = simulatedNodes({ name, nodes: maxNodes, machineType, sandbox });
    admin.apply(nodes);
    for (const { metadata } of nodes)
      admin.create(pod(`system-${metadata.name}`, systemPerNode, { nodeName: metadata.name }));
  }
  // Spread by the scheduler, as kube-dns and external-secrets are.
  const { cpu, memory } = STAGING_PLATFORM;
  const part = { cpu: share(cpu, OTHERS), memory: share(memory, OTHERS) };
  for (let index = 0; index < OTHERS; index++) admin.create(pod(`platform-${index}`, part, {}));
});

afterAll(() => {
  for (const name of ENGINEERS.slice(0, 6)) Environment.ofEngineer(name).remove();
  admin.run(["delete", "pods", "--all", "-n", "default", "--force", "--grace-period=0"]);
  admin.run(["delete", "node", "-l", "simulated=true", "--ignore-not-found"]);
  for (const node of others()) admin.run(["uncordon", node]);
});

test("as many engineers fit the staging pools as stacks/plue/capacity.ts says", async () => {
  const [expected] = limits.filter(({ scarce }) => scarce.includes("node pool"));
  let fit = 0;
  let refusal = "";
  for (const name of ENGINEERS) {
    const environment = Environment.ofEngineer(name, "1");
    environment.guard();
    const installed = await environment.deploy(25);
    const upgraded = installed.ok ? await Environment.ofEngineer(name, "2").deploy(25) : installed;
    if (!upgraded.ok) {
      refusal = upgraded.text;
      break;
    }
    fit++;
  }
  process.stdout.write(
    `\n${fit} engineers fit the staging pools, each installed and then upgraded; ${limits
      .map(({ scarce, engineers }) => `${engineers} by ${scarce}`)
      .join(", ")}.\n`,
  );
  expect(refusal).toMatch(/timed out|deadline|not ready/i);
  expect(fit).toBe(expected?.engineers);
});
