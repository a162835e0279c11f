import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import { RemoteState } from "../../lib/core/remote-state";
import { Stack } from "../../lib/core/stack";
import { stagingCapacityWarnings } from "../../lib/environments/capacity";
import { EngineerAccess } from "../../lib/environments/engineer-access";
import type { Registry } from "../../lib/environments/registry";
import { SharedAccess } from "../../lib/environments/shared-access";
import { GITHUB, poolName, workflowIdentities } from "../../lib/environments/workflow-identities";
import { googleProvider } from "../../lib/google/providers";
import { kubernetesProvider } from "../../lib/kubernetes/providers";
import { ENGINEER_ROLES, roleName } from "./apply-roles";
import { stagingCapacity } from "./capacity";
import type { PlueConfig } from "./config";
import type { EnvironmentOutput } from "./environment-outputs";
import { API_SECRETS, API_SERVICE_ACCOUNT, DEPLOYER_CLUSTER_ROLES } from "./names";
import { engineerNames } from "./registry/engineer-names";

/**
 * IAM, database logins and deployers' rights in the cluster, of all engineers in staging, from the registry: the only stack
 * that names who may do what, so nobody can grant herself more, and neither staging-base nor staging-platform changes when
 * somebody joins. Deployed after staging-bootstrap, which makes the roles that are granted here, and staging-base, and before
 * the engineer's own stack; deployers can begin once staging-platform is there too.
 */
export class StagingAccessStack extends Stack {
  constructor(scope: Construct, config: PlueConfig, registry: Registry) {
    const { projectId, projectNumber, region, stateBucket } = config.staging;
    super(scope, "staging-access", config.staging);
    const base = new RemoteState<EnvironmentOutput>(this, "base", { stack: "staging-base", stateBucket });
    googleProvider(this, config.staging);
    kubernetesProvider(this, base.get("cluster_dns_endpoint"));

    for (const warning of stagingCapacityWarnings(stagingCapacity(registry.engineers.length)))
      Annotations.of(this).addWarning(warning);
    const identities = workflowIdentities(config.staging);
    const active = registry.engineers.filter(({ state }) => state === "active");
    const shared = new SharedAccess(this, "shared", {
      projectId,
      deployerRole: roleName(projectId, ENGINEER_ROLES.deployerRoleId),
      clusterUserRole: roleName(projectId, ENGINEER_ROLES.clusterUserRoleId),
      clusterUsers: active.flatMap(({ email, readers }) => [email, ...readers]),
      sharedStacks: ["staging-base"],
    });
    for (const { name, email, githubId, state } of registry.engineers) {
      const names = engineerNames(name, projectId);
      // Not the bare name: somebody may be called google, shared or backend, as other constructs here are.
      new EngineerAccess(this, names.stack, {
        projectId,
        names,
        email,
        active: state === "active",
        shared,
        deployerClusterRole: DEPLOYER_CLUSTER_ROLES.cluster,
        stateBucket,
        sqlInstance: base.get("sql_instance_name"),
        registry: { projectId, location: region, repositoryId: base.get("registry_repository_id") },
        secretIds: Object.values(API_SECRETS),
        kubernetesServiceAccount: API_SERVICE_ACCOUNT,
        branch: githubId
          ? {
              workloadIdentityPool: poolName(projectNumber, GITHUB.pool),
              name: `staging/${name}`,
              accountId: githubId,
            }
          : undefined,
        imageBranch: config.applicationRepository
          ? {
              workloadIdentityPool: poolName(projectNumber, GITHUB.imagePool),
              account: `projects/${projectId}/serviceAccounts/${identities.pushImages}`,
            }
          : undefined,
        stateReaders: { planner: `serviceAccount:${identities.plan}` },
        operators: config.platformTeam,
      });
    }
  }
}
