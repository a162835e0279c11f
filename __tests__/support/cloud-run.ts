import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Construct } from "constructs";
import type { Stack } from "../../lib/core/stack";
import type { CloudRunServiceProps, RunProps } from "../../lib/google/cloud-run/props";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { type Synthesized, synthesize } from "./synth";

/** The least that a Cloud Run service, job or worker pool takes. */
export const RUN: RunProps = {
  projectId: "acme-prod",
  region: "us-central1",
  name: "shop-api",
  image: `us-central1-docker.pkg.dev/acme-prod/shop/api@sha256:${"a".repeat(64)}`,
  cpu: 1,
  memory: "512Mi",
  identity: { email: "shop-api@acme", name: "projects/acme-prod/serviceAccounts/shop-api@acme", grants: [] },
  deletionProtection: false,
};

/** The least that a service takes. */
export const SERVICE: CloudRunServiceProps = { ...RUN, maxInstances: 10, startupProbe: { http: "/health" } };

/** An image by another digest. @param digit that the digest is made of */
export function imageOf(digit: string): string {
  return `us-central1-docker.pkg.dev/acme-prod/shop/api@sha256:${digit.repeat(64)}`;
}

/** A stack with the providers of Google, synthesized. */
export function synthesizeRun(build: (stack: Stack, googleBeta: GoogleBetaProvider) => void): Synthesized {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    build(stack, new GoogleBetaProvider(stack, "google-beta"));
  });
}

/** A service beside nothing else: what it is, and what it was synthesized to. */
export function serviceOf(props: Partial<CloudRunServiceProps> = {}) {
  let made: CloudRunService | undefined;
  const stack = synthesizeRun((stack, googleBeta) => {
    const iap = props.iap && { ...props.iap, googleBeta };
    made = new CloudRunService(stack, "api", { ...SERVICE, ...props, iap });
    stack.output("hash", { value: made.revisionHash });
  });
  const resource = stack.resource("google_cloud_run_v2_service", "api");
  return { stack, resource, service: made as CloudRunService, container: resource["template"].containers[0] };
}

/** Arguments of Cloud Run's resources that no policy says anything of, in Terraform's spelling. */
export function soundRun(
  labels: Record<string, string>,
  container: object = {},
  template: object = {},
): Record<string, unknown> {
  return {
    name: "shop-api",
    labels,
    lifecycle: { ignore_changes: ["client", "client_version", "scaling"] },
    scaling: { scaling_mode: "MANUAL" },
    template: {
      service_account: "shop-api@acme-prod.iam.gserviceaccount.com",
      scaling: { max_instance_count: 1 },
      containers: [
        {
          image: imageOf("a"),
          resources: { limits: { cpu: "1", memory: "512Mi" }, cpu_idle: true },
          startup_probe: { tcp_socket: { port: 8080 } },
          ...container,
        },
      ],
      ...template,
    },
  };
}

/** An identity that something runs as. */
export function runIdentity(scope: Construct, accountId: string): RuntimeIdentity {
  return new RuntimeIdentity(scope, accountId, { projectId: "acme-prod", accountId, displayName: accountId });
}
