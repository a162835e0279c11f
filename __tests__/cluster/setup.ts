import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { synthesizeStack } from "../support/program";
import { admin, attempt } from "./support/cluster";
import { deployerOf, emailOf } from "./support/environment";
import { gkeResources, iamOfDeployers } from "./support/google";
import { GVISOR_CLASS } from "./support/nodes";
import { Platform } from "./support/platform";
import { AppliedStack } from "./support/terraform";

/** Engineers of the proof: those of the registry, and more to fill the cluster with. */
export const ENGINEERS = [
  "alice",
  "bob",
  ...Array.from({ length: 30 }, (_, index) => `engineer-${index + 1}`),
];

/** Go modules with the CRDs, at the versions that the stacks and GKE install. */
const CRDS = [
  ["sigs.k8s.io/gateway-api@v1.4.0", "config/crd/standard"],
  ["github.com/external-secrets/external-secrets@v1.3.2", "config/crds/bases"],
] as const;

/** No custom resources, or those that the operator's release leaves out. */
const LEFT_OUT = /kustomization|_cluster|_pushsecrets/;

/** What the cluster has before any environment: custom resources, GKE's view of IAM, staging-platform and staging-access. */
export default async function setup(): Promise<void> {
  refuseAnyRealCluster();
  for (const [module, folder] of CRDS) {
    const { Dir } = JSON.parse(
      execFileSync("go", ["mod", "download", "-json", module], { encoding: "utf8" }),
    );
    const files = readdirSync(join(Dir, folder)).filter((file) => !LEFT_OUT.test(file));
    admin.run([
      "apply",
      "--server-side",
      "--force-conflicts",
      ...files.flatMap((file) => ["-f", join(Dir, folder, file)]),
    ]);
  }
  admin.apply([...gkeResources(), GVISOR_CLASS, ...iamOfDeployers(ENGINEERS.map(deployerOf))]);
  admin.run(["wait", "--for=condition=Established", "customresourcedefinition", "--all", "--timeout=60s"]);

  await new Platform("staging-platform").install();
  const engineers = ENGINEERS.map((name) => ({ name, email: emailOf(name) }));
  admin.apply(new AppliedStack(synthesizeStack("staging-access", { engineers })).objects());
}

function refuseAnyRealCluster(): void {
  if (!process.env["KUBECONFIG"]) throw new Error("set KUBECONFIG to a throw-away cluster with kwok nodes");
  const real = admin
    .list("nodes")
    .filter(({ metadata }) => metadata.annotations?.["kwok.x-k8s.io/node"] !== "fake")
    .map(({ metadata }) => metadata.name);
  if (real.length > 0)
    throw new Error(`this fills the cluster and deletes nodes, and ${real.join(", ")} would be real ones`);
  for (const tool of ["helm", "go"])
    if (!attempt(tool, ["version"]).ok) throw new Error(`${tool} is missing`);
}
