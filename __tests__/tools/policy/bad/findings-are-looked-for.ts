import { ArtifactRegistry } from "../../../../lib/google/artifact-registry";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a cluster that nobody looks at": (bad) => {
    bad.cluster();
    bad.override("cluster/Resource", "security_posture_config.mode", "DISABLED");
  },
  "images that nobody looks at": ({ stack, projectId, labels }) =>
    void new ArtifactRegistry(stack, "registry", {
      projectId,
      region: "us-central1",
      name: "shop",
      vulnerabilityScanning: false,
      deletionProtection: false,
      labels,
    }),
} satisfies BadStacks;
