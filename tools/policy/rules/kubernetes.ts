import { argument } from "../../../lib/core/terraform-json";
import { at, list, type Program, type Rule, rendered, resources, rule } from "./rule";

const PREFIX = "pod-security.kubernetes.io/";
const LEVEL = `${PREFIX}enforce`;

/** Where a rule found something: in a block of Terraform, or in an object that a chart would make. */
interface Place {
  readonly stack: string;
  readonly address: string;
}

export const KUBERNETES_RULES: readonly Rule[] = [
  rule("namespaces-are-restricted", {
    title: "Every namespace holds its pods to the restricted standard, as it is today",
    why: "Anywhere else a pod may be root, mount the node's disk, and with that be everything on the node.",
    *find(program) {
      for (const { place, labels } of namespaces(program)) {
        if (labels[LEVEL] !== "restricted")
          yield at(place, `lacks the label ${LEVEL}: set it to "restricted"`);
        for (const [label, value] of Object.entries(labels)) {
          if (!label.startsWith(PREFIX) || label === LEVEL) continue;
          const right = label.endsWith("-version") ? "latest" : "restricted";
          if (value !== right)
            yield at(place, `has the label ${label}: ${value}: set it to "${right}", or leave it out`);
        }
      }
      for (const block of resources(program, "helm_release"))
        if (block.args["create_namespace"] === true)
          yield at(
            block,
            "makes a namespace without a standard: declare an IsolatedNamespace, and leave create_namespace out",
          );
    },
  }),
  rule("no-cluster-admins", {
    title:
      "Neither Terraform nor a chart makes anybody administrator of a cluster, or binds a role to everybody",
    why: "Rights in a cluster end at a namespace; whoever needs more has them from IAM, where they are logged. A cluster of ours refuses a binding to everybody, and with it the release that holds it.",
    *find(program) {
      for (const { place, wholeCluster, role, subjects } of bindings(program)) {
        if (role === "cluster-admin" || (wholeCluster && /^(admin|edit)$/.test(role)))
          yield at(
            place,
            `binds ${role}: bind a role with the verbs and resources that are needed, in the namespace`,
          );
        for (const name of subjects)
          if (/^system:(anonymous|unauthenticated|authenticated|serviceaccounts|masters)$/.test(name))
            yield at(
              place,
              `binds to ${name}, which is nobody in particular: name a person or a service account`,
            );
      }
      for (const { place, rules } of roles(program))
        for (const { verbs, resources } of rules)
          if (verbs.includes("*") && resources.includes("*"))
            yield at(
              place,
              "holds every verb on every resource: name the verbs and resources that are needed",
            );
    },
  }),
];

function namespaces(program: Program): { place: Place; labels: Record<string, unknown> }[] {
  return [
    ...resources(program, /^kubernetes_namespace/).map((block) => ({ place: block, of: block.args })),
    ...rendered(program, /^Namespace$/).map((found) => ({ place: found, of: found.object })),
  ].map(({ place, of }) => ({
    place,
    labels: (argument(of, "metadata", "labels") ?? {}) as Record<string, unknown>,
  }));
}

function bindings(program: Program) {
  return [
    ...resources(program, /^kubernetes_(cluster_)?role_binding/).map((block) => ({
      place: block as Place,
      wholeCluster: block.type.includes("cluster_role"),
      role: argument(block.args, "role_ref", "name"),
      subjects: block.args["subject"],
    })),
    ...rendered(program, /^(Cluster)?RoleBinding$/).map((found) => ({
      place: found as Place,
      wholeCluster: found.object.kind === "ClusterRoleBinding",
      role: argument(found.object, "roleRef", "name"),
      subjects: found.object["subjects"],
    })),
  ].map(({ role, subjects, ...rest }) => ({
    ...rest,
    role: String(role),
    subjects: list(subjects).map((subject) => String(argument(subject, "name"))),
  }));
}

function roles(program: Program) {
  return [
    ...resources(program, /^kubernetes_(cluster_)?role(_v1)?$/).map((block) => ({
      place: block as Place,
      rules: block.args["rule"],
    })),
    ...rendered(program, /^(Cluster)?Role$/).map((found) => ({
      place: found as Place,
      rules: found.object["rules"],
    })),
  ].map(({ place, rules }) => ({
    place,
    rules: list(rules).map((granted) => ({
      verbs: list(argument(granted, "verbs")),
      resources: list(argument(granted, "resources")),
    })),
  }));
}
