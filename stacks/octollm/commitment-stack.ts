import type { Construct } from "constructs";
import { Stack } from "../../lib/core/stack";
import { Commitment } from "../../lib/google/commitment";
import { ProjectServices } from "../../lib/google/project-services";
import { googleProvider } from "../../lib/google/providers";
import type { OctollmConfig } from "./config";
import { COMMITMENT } from "./names";
import { COMMITTED } from "./sizes";

/** What prod has committed to buy. An apply spends the money; only people apply it, and nothing destroys it. */
export class CommitmentStack extends Stack {
  constructor(scope: Construct, { prod }: OctollmConfig) {
    super(scope, COMMITMENT, prod);
    googleProvider(this, prod);
    const { projectId, region } = prod;
    new ProjectServices(this, "services", { projectId, services: ["compute.googleapis.com"] });
    const { commitmentId } = new Commitment(this, "commitment", {
      projectId,
      region,
      name: "octollm-prod-cud",
      description: "Nodes of octollm-prod-cluster",
      ...COMMITTED,
    });
    this.output("commitment_id", { value: commitmentId, description: "Id of the commitment" });
  }
}
