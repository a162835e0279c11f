import { clusterProviders } from "../../../lib/kubernetes/providers";
import { synthesize } from "../../support/synth";

test("both providers reach the cluster with tokens that a plug-in gets, and helm needs no right to Secrets", () => {
  const { json } = synthesize((stack) => clusterProviders(stack, "gke-1.example.goog"));
  const host = "https://gke-1.example.goog";
  const exec = expect.objectContaining({
    command: "gke-gcloud-auth-plugin",
    args: ["--use_application_default_credentials"],
  });
  expect(json["provider"]).toEqual({
    kubernetes: [{ host, exec: [exec] }],
    helm: [{ helm_driver: "configmap", kubernetes: { host, exec } }],
  });
  expect(JSON.stringify(json)).not.toContain("token");
});
