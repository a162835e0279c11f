import { argument } from "../../../lib/core/terraform-json";
import { at, list, type Rule, resources, rule } from "./rule";

const LEVEL = "pod-security.kubernetes.io/enforce";

export const KUBERNETES_RULES: readonly Rule[] = [
  rule("namespaces-are-restricted", {
    title: "Every namespace holds its pods to the restricted standard",
    why: "Anywhere else a pod may be root, mount the node's disk, and with that be everything on the node.",
    *find(program) {
      for (const block of resources(program, /^kubernetes_namespace/))
        if (argument(block.args, "metadata", "labels", LEVEL) !== "restricted")
          yield at(block, `lacks the label ${LEVEL}: set it to "restricted"`);
      for (const block of resources(program, "helm_release"))
        if (block.args["create_namespace"] === true)
          yield at(
            block,
            "makes a namespace without a standard: declare an IsolatedNamespace, and leave create_namespace out",
          );
    },
  }),
  rule("no-cluster-admins", {
    title: "Terraform makes nobody administrator of a cluster, and binds no role to everybody",
    why: "Rights in a cluster end at a namespace; whoever needs more has them from IAM, where they are logged.",
    *find(program) {
      for (const block of resources(program, /^kubernetes_(cluster_)?role_binding/)) {
        const role = String(argument(block.args, "role_ref", "name"));
        if (role === "cluster-admin" || (block.type.includes("cluster_role") && /^(admin|edit)$/.test(role)))
          yield at(
            block,
            `binds ${role}: bind a role with the verbs and resources that are needed, in the namespace`,
          );
        for (const subject of list(block.args["subject"])) {
          const name = String(argument(subject, "name"));
          if (/^system:(anonymous|unauthenticated|authenticated|serviceaccounts|masters)$/.test(name))
            yield at(
              block,
              `binds to ${name}, which is nobody in particular: name a person or a service account`,
            );
        }
      }
      for (const block of resources(program, /^kubernetes_(cluster_)?role(_v1)?$/))
        for (const granted of list(block.args["rule"])) {
          const all = (part: string) => list(argument(granted, part)).includes("*");
          if (all("verbs") && all("resources"))
            yield at(
              block,
              "holds every verb on every resource: name the verbs and resources that are needed",
            );
        }
    },
  }),
];
