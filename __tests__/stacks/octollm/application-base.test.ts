import { chartValuesSchema } from "../../../stacks/octollm/application-base";
import { describeCharts, Rendered } from "../../support/helm";
import type { Synthesized } from "../../support/synth";
import { synthesizeOctollm } from "./synthesize";

const VALUES = {
  projectId: "octollm-dev",
  cluster: { name: "octollm-dev-cluster", location: "us-central1" },
  orchestrator: {
    name: "orchestrator",
    googleServiceAccount: "orchestrator@octollm-dev.iam.gserviceaccount.com",
  },
  storeReader: {
    name: "external-secrets-sa",
    googleServiceAccount: "external-secrets@octollm-dev.iam.gserviceaccount.com",
  },
  secrets: { "openai-api-key": 2 },
};

test.each(["dev", "staging", "prod"])("what octollm-%s-cluster passes is what the chart takes", (name) => {
  const stack = synthesizeOctollm().get(`octollm-${name}-cluster`) as Synthesized;
  const values = stack.json["locals"].application_base_values;
  expect(chartValuesSchema.safeParse(values).error).toBeUndefined();
  expect(Object.keys(values.secrets)).toEqual(["openai-api-key"]);
});

describeCharts("stacks/octollm/helm/application-base", () => {
  const rendered = new Rendered({
    chart: "../stacks/octollm/helm/application-base",
    namespace: "octollm-dev",
    values: ["values.yaml", VALUES],
  });

  test("the store reads as the namespace's own service account, by the cluster's Workload Identity", () => {
    expect(rendered.get("SecretStore", "gcpsm-secret-store")).toMatchObject({
      apiVersion: "external-secrets.io/v1",
      metadata: { namespace: "octollm-dev" },
      spec: {
        provider: {
          gcpsm: {
            projectID: "octollm-dev",
            auth: {
              workloadIdentity: {
                clusterLocation: "us-central1",
                clusterName: "octollm-dev-cluster",
                serviceAccountRef: { name: "external-secrets-sa" },
              },
            },
          },
        },
      },
    });
  });

  test("each Google identity has its Kubernetes service account, without a token for the cluster", () => {
    for (const { name, googleServiceAccount } of [VALUES.orchestrator, VALUES.storeReader])
      expect(rendered.get("ServiceAccount", name)).toMatchObject({
        metadata: { annotations: { "iam.gke.io/gcp-service-account": googleServiceAccount } },
        automountServiceAccountToken: false,
      });
  });

  test("a secret comes in the version that was named", () => {
    expect(rendered.get("ExternalSecret", "openai-api-key").spec).toMatchObject({
      secretStoreRef: { kind: "SecretStore", name: "gcpsm-secret-store" },
      data: [{ secretKey: "value", remoteRef: { key: "openai-api-key", version: "2" } }],
    });
  });
});
