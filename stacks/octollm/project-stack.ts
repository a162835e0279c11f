import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { Stack } from "../../lib/core/stack";
import { ProjectFactory } from "../../lib/google/project-factory";
import { googleProvider } from "../../lib/google/providers";
import type { EnvironmentName, OctollmConfig } from "./config";
import { nameOf } from "./names";

const DISPLAY_NAMES = {
  dev: "OctoLLM Development",
  staging: "OctoLLM Staging",
  prod: "OctoLLM Production",
} as const;

/**
 * An environment's project, its place and who pays for it. Deployed by a person, first of all, and taken over: the project is
 * there before, as the bucket of this stack's own state is in it.
 */
export class ProjectStack extends Stack {
  constructor(
    scope: Construct,
    { folderId, billingAccount, ...config }: OctollmConfig,
    name: EnvironmentName,
  ) {
    super(scope, `${nameOf(name)}-project`, config[name]);
    googleProvider(this, config[name]);
    const project = new ProjectFactory(this, "project", {
      projectId: config[name].projectId,
      displayName: DISPLAY_NAMES[name],
      parent: { folderId },
      billingAccount,
      services: ["serviceusage", "cloudresourcemanager", "cloudbilling"].map(
        (api) => `${api}.googleapis.com`,
      ),
      adopt: true,
      labels: environmentLabels(name),
    });
    this.output("project_number", { value: project.number, description: "Number of the project" });
  }
}
