import { DEFAULT_POD_LIMITS, DEFAULT_QUOTA } from "../../lib/environments/staging-namespace";
import { parseBytes, parseCpu } from "../../lib/kubernetes/quantity";
import { stagingCapacity } from "../../stacks/plue/capacity";
import { QUOTA_BOUNDS } from "../../stacks/plue/registry/quota";
import { describeCharts, environmentOf, type Manifest, passedBy, Rendered } from "../support/helm";

interface Amount {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
  readonly pods: number;
}

const NOTHING: Amount = { cpu: 0, memory: 0, disk: 0, pods: 0 };

function times(count: number, { cpu, memory, disk, pods }: Amount): Amount {
  return { cpu: count * cpu, memory: count * memory, disk: count * disk, pods: count * pods };
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce(
    (a, b) => ({
      cpu: a.cpu + b.cpu,
      memory: a.memory + b.memory,
      disk: a.disk + b.disk,
      pods: a.pods + b.pods,
    }),
    NOTHING,
  );
}

/** What a pod counts for: its containers with its sidecars. No init container here needs more than these. */
function ofPod({ spec }: Manifest, of: "requests" | "limits" = "requests"): Amount {
  const sidecars = (spec.initContainers ?? []).filter((c: Manifest) => c.restartPolicy === "Always");
  const containers = [...spec.containers, ...sidecars].map(({ resources }: Manifest) => ({
    cpu: parseCpu(resources[of].cpu),
    memory: parseBytes(resources[of].memory),
    disk: parseBytes(resources[of]["ephemeral-storage"]),
    pods: 0,
  }));
  return { ...sum(containers), pods: 1 };
}

/** Pods that a rollout has beside those that are there. */
function surge({ replicas, strategy }: Manifest): number {
  if (strategy?.type === "Recreate") return 0;
  const most = strategy?.rollingUpdate?.maxSurge ?? "25%";
  return typeof most === "number" ? most : Math.ceil((replicas * Number.parseInt(most, 10)) / 100);
}

describeCharts("what an environment takes of the staging cluster", () => {
  const rendered = new Rendered(passedBy("staging-alice"));
  const deployments = rendered.all("Deployment");
  const release = sum(deployments.map(({ spec }) => times(spec.replicas, ofPod(spec.template))));
  const rollout = sum(deployments.map(({ spec }) => times(surge(spec), ofPod(spec.template))));
  const migration = sum(rendered.all("Job").map(({ spec }) => ofPod(spec.template)));
  const [api] = rendered.get("Deployment", "zig-api").spec.template.spec.containers;
  const pool = rendered.get("Deployment", "runner-standby-pool").spec;
  /** Runners of the pool that work, as many as there may be: those that wait are the release's. */
  const working = times(Number(environmentOf(api)["RUNNER_LIMIT"]) - pool.replicas, ofPod(pool.template));
  const run = sum(rendered.jobTemplates().map(({ spec }) => ofPod(spec.template)));

  test("has something of each part", () => {
    for (const part of [release, rollout, migration, working, run]) expect(part.pods).toBeGreaterThan(0);
  });

  const expectToFit = (needed: Amount, quota: { cpu: string; memory: string; pods: number }) => {
    expect(needed.cpu).toBeLessThanOrEqual(parseCpu(quota.cpu));
    expect(needed.memory).toBeLessThanOrEqual(parseBytes(quota.memory));
    expect(needed.pods).toBeLessThanOrEqual(quota.pods);
  };

  test("fits the usual quota with its warm pool, all runners at work, a rollout, a migration and a run at once", () => {
    expectToFit(sum([release, rollout, migration, working, run]), DEFAULT_QUOTA);
  });

  test("fits the least quota of the registry without the run", () => {
    const { cpu, memory, pods } = QUOTA_BOUNDS;
    expectToFit(sum([release, rollout, migration, working]), {
      cpu: cpu.min,
      memory: memory.min,
      pods: pods.min,
    });
  });

  test("has its volumes within the least quota", () => {
    const volumes = rendered
      .all("PersistentVolumeClaim")
      .map(({ spec }) => parseBytes(spec.resources.requests.storage));
    const total = volumes.reduce((a, b) => a + b, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(parseBytes(QUOTA_BOUNDS.storage.min));
  });

  test("has no pod beyond the LimitRange", () => {
    for (const [owner, pod] of rendered.pods()) {
      const { cpu, memory, disk } = ofPod(pod, "limits");
      expect([owner, cpu <= parseCpu(DEFAULT_POD_LIMITS.cpu)]).toEqual([owner, true]);
      expect([owner, memory <= parseBytes(DEFAULT_POD_LIMITS.memory)]).toEqual([owner, true]);
      expect([owner, disk <= parseBytes(DEFAULT_POD_LIMITS.ephemeralStorage)]).toEqual([owner, true]);
    }
  });

  test("is what stacks/plue/capacity.ts counts with", () => {
    const { nodePools } = stagingCapacity(0);
    const inPool = (sandbox: boolean) =>
      deployments.filter(({ spec }) => (spec.template.spec.runtimeClassName === "gvisor") === sandbox);
    const each = (sandbox: boolean) =>
      sum(inPool(sandbox).map(({ spec }) => times(spec.replicas, ofPod(spec.template))));
    for (const [name, sandbox] of [
      ["default", false],
      ["sandbox", true],
    ] as const) {
      const { podsPerEngineer, pod } = nodePools[name] ?? {
        podsPerEngineer: 0,
        pod: { cpu: "0", memory: "0" },
      };
      expect([name, parseCpu(pod.cpu) * podsPerEngineer]).toEqual([name, each(sandbox).cpu]);
      expect([name, parseBytes(pod.memory) * podsPerEngineer]).toEqual([name, each(sandbox).memory]);
    }
  });
});
