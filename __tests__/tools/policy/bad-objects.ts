import { stringify } from "yaml";
import type { RenderedRelease } from "../../../tools/policy/rendered-charts";

// A manifest has no one shape.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Manifest = any;

const LABELS = { app: "api" };
const DIGEST = `sha256:${"1".repeat(64)}`;

function deployment(change: (pod: Manifest) => void = () => {}): Manifest {
  const pod = {
    serviceAccountName: "api",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "api",
        image: `registry.example/api@${DIGEST}`,
        imagePullPolicy: "Always",
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
        livenessProbe: { httpGet: { path: "/", port: 8080 } },
        readinessProbe: { httpGet: { path: "/", port: 8080 } },
      },
    ],
  };
  change(pod);
  const spec = { selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS }, spec: pod } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "api", namespace: "test" }, spec };
}

const networkPolicy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "api", namespace: "test" },
  spec: { podSelector: { matchLabels: LABELS }, policyTypes: ["Ingress", "Egress"] },
};

export const SOUND_OBJECTS: readonly Manifest[] = [deployment(), networkPolicy];

/** Objects of which checkov has to say one thing each. The name is the id of the check, and what is bad. */
export const BAD_OBJECTS: Readonly<Record<string, readonly Manifest[]>> = {
  "CKV_K8S_19-a-pod-in-the-nodes-network": [deployment((pod) => (pod.hostNetwork = true)), networkPolicy],
  "CKV_K8S_22-a-container-that-may-write": [
    deployment((pod) => (pod.containers[0].securityContext.readOnlyRootFilesystem = false)),
    networkPolicy,
  ],
  "CKV_K8S_13-a-container-without-a-limit": [
    deployment((pod) => delete pod.containers[0].resources.limits.memory),
    networkPolicy,
  ],
  "CKV2_K8S_6-a-pod-without-a-network-policy": [deployment()],
};

export function releaseOf(stack: string, objects: readonly Manifest[]): RenderedRelease {
  return {
    stack,
    name: "release",
    objects: objects.map((object) => ({
      subject: {
        resource: `${stack}/${object.kind}/${object.metadata.name}`,
        location: { file: "helm/example/templates/all.yaml", startLine: 1, endLine: 9 },
      },
      object,
      text: stringify(object),
    })),
  };
}
