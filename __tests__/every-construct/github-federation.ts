import type { Stack } from "../../lib/core/stack";
import { FederatedIdentity } from "../../lib/google/federated-identity";
import { GithubFederation } from "../../lib/google/github-federation";

export function declare(stack: Stack): void {
  const { principals } = new GithubFederation(stack, "github", {
    projectId: "acme-prod",
    projectNumber: "123456789012",
    poolId: "github",
    providerId: "github",
    repository: "acme/shop",
    ownerId: "12345678",
    branches: ["main", "develop"],
    attributes: { runner: "assertion.runner_environment + ':' + assertion.ref" },
    condition: 'assertion.repository_visibility == "private"',
  });
  new FederatedIdentity(stack, "staging", {
    projectId: "acme-prod",
    accountId: "github-actions-staging",
    displayName: "Deploys develop",
    members: { develop: principals.branch("develop") },
    roles: {
      deploy: { role: "roles/run.developer", on: { service: "api-staging", location: "us-central1" } },
      viewer: { role: "roles/run.viewer" },
    },
    states: {
      bucket: "acme-terraform-state",
      reads: { base: "base/" },
      writes: { staging: "staging/" },
    },
  });
  new FederatedIdentity(stack, "production", {
    projectId: "acme-prod",
    accountId: "github-actions-production",
    displayName: "Deploys main",
    members: {
      main: principals.deployment("main", "production"),
      hosted: principals.attribute("runner", "github-hosted:refs/heads/main"),
    },
    roles: { deploy: { role: "roles/run.developer", on: { service: "api", location: "us-central1" } } },
  });
}
