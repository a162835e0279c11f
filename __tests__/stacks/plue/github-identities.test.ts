import { readConfig, stateOwner } from "../../../stacks/plue/config";
import { githubIdentities } from "../../../stacks/plue/github-identities";

const config = readConfig("cdktf.json");

test("how workflows log in follows from cdktf.json alone", () => {
  const staging = { ...config.staging, projectId: "acme-staging", projectNumber: "123" };
  expect(githubIdentities({ ...config, staging }).staging).toEqual({
    provider: "projects/123/locations/global/workloadIdentityPools/github/providers/github",
    plan: "terraform-plan@acme-staging.iam.gserviceaccount.com",
    apply: "terraform-apply@acme-staging.iam.gserviceaccount.com",
    imageProvider: "projects/123/locations/global/workloadIdentityPools/github-images/providers/github",
    pushImages: "push-images@acme-staging.iam.gserviceaccount.com",
  });
});

test("a bucket is in the project of its environment, or of production where both name it", () => {
  const separate = { ...config, staging: { ...config.staging, stateBucket: "staging-state" } };
  expect(stateOwner(config, "staging")).toBe("production");
  expect(stateOwner(separate, "staging")).toBe("staging");
  for (const each of [config, separate]) expect(stateOwner(each, "production")).toBe("production");
});
