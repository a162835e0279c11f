import { workflowIdentities } from "../../../lib/environments/workflow-identities";

test("how workflows log in follows from project id and number alone", () => {
  expect(workflowIdentities({ projectId: "acme-staging", projectNumber: "123" })).toEqual({
    provider: "projects/123/locations/global/workloadIdentityPools/github/providers/github",
    plan: "terraform-plan@acme-staging.iam.gserviceaccount.com",
    apply: "terraform-apply@acme-staging.iam.gserviceaccount.com",
    imageProvider: "projects/123/locations/global/workloadIdentityPools/github-images/providers/github",
    pushImages: "push-images@acme-staging.iam.gserviceaccount.com",
    report: "report-drift@acme-staging.iam.gserviceaccount.com",
  });
});

test("who applies may be called otherwise", () => {
  const { apply, plan } = workflowIdentities({ projectId: "acme-dev", projectNumber: "123" }, "deployer");
  expect([apply, plan]).toEqual([
    "deployer@acme-dev.iam.gserviceaccount.com",
    "terraform-plan@acme-dev.iam.gserviceaccount.com",
  ]);
});
