import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "an API that goes with the stack": ({ stack, projectId: project }) =>
    void new ProjectService(stack, "compute", { project, service: "compute.googleapis.com" }),
} satisfies BadStacks;
