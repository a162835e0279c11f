import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { googleBetaProvider, googleProvider } from "../../../lib/google/providers";
import { synthesize } from "../../support/synth";

test("acts as a service account where one is given, whoever runs Terraform", () => {
  const impersonate = "deployer@p.iam.gserviceaccount.com";
  const { json } = synthesize(
    (stack) => void googleProvider(stack, { projectId: "p", region: "r", impersonate }),
  );
  expect(json["provider"].google).toEqual([
    { project: "p", region: "r", impersonate_service_account: impersonate },
  ]);
});

test("resources are in the project and region of the environment, by either provider, unless they say otherwise", () => {
  const environment = { projectId: "plue-staging", region: "europe-west4" };
  const { json } = synthesize((stack) => {
    googleProvider(stack, environment);
    const provider = googleBetaProvider(stack, environment);
    new ComputeNetwork(stack, "network", { name: "network", provider });
  });
  const settings = { project: "plue-staging", region: "europe-west4" };
  expect(json["provider"]).toEqual({ google: [settings], "google-beta": [settings] });
  expect(json["resource"].google_compute_network.network.provider).toBe("google-beta");
});
