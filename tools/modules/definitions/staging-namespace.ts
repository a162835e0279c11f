import { StagingNamespace, type StagingNamespaceProps } from "../../../lib/environments/staging-namespace";
import type { ModuleDefinition, Props } from "../definition";

const CPU = 'can(regex("^[0-9]+([.][0-9]+)?m?$", it))';
const BYTES = 'can(regex("^[0-9]+([.][0-9]+)?([kMGT]|[KMGT]i)?$", it))';

export const stagingNamespace: ModuleDefinition = {
  name: "staging-namespace",
  description:
    "One engineer's environment: a guarded namespace, a database for the runtime identity, and the application.",
  file: "lib/environments/staging-namespace.ts",
  construct: "StagingNamespace",
  props: "StagingNamespaceProps",
  isInstance: (construct) => construct instanceof StagingNamespace,
  declare: (scope, id, props) => new StagingNamespace(scope, id, props),
  main: "namespace",
  fixed: {
    "application.values": "The release has the values of the files and those that the module computes.",
  },
  omitted: [
    "application.images.tag",
    ...["stack", "runtimeAccountId", "deployerAccountId", "stateFolder"].map((name) => `names.${name}`),
  ],
  replaced: {
    "application.chart": {
      name: "chart",
      description: "The Helm chart.",
      fields: {
        name: "Its name.",
        path: "Its folder, as Terraform finds it from the root module.",
        hash: "Changes with any of its files: Terraform does not see their content.",
      },
    },
  },
  keys: { "application.images.names": ["image", "runner.image", "ui.image"] },
  build: ({ application: { chart, ...application }, ...props }: Props) => ({
    ...props,
    application: {
      ...application,
      chart: {
        name: chart.name,
        hash: chart.hash,
        reference: chart.path,
        fileReference: (file: string) => `${chart.path}/${file}`,
      },
      images: { ...application.images, tag: "" },
    },
  }),
  read: ({ application: { chart, ...application }, ...props }: StagingNamespaceProps) => ({
    ...props,
    application: { ...application, chart: { name: chart.name, path: chart.reference, hash: chart.hash } },
  }),
  computed: {
    // A map of texts.
    "kubernetes_resource_quota_v1.quota": { "spec.hard.pods": "${tostring(var.quota.pods)}" },
  },
  variables: {
    image_tag: { default: undefined, description: "Image tag to deploy." },
  },
  adjust: ({ resource }) => {
    // Nobody twice.
    const { readers } = resource.kubernetes_role_binding_v1;
    readers.dynamic.subject.for_each = "${distinct(concat([var.email], var.readers))}";
    delete readers.subject;
  },
  outputs: [
    { member: "namespace" },
    { member: "url", description: "`https://<host_label>.<domain>`" },
    { member: "database" },
  ],
  descriptions: {
    "names.database_user":
      "The runtime's service account as a database user, as Cloud SQL spells it: `staging-alice@my-project.iam`.",
    "names.runtime_email":
      "The runtime's service account: `staging-alice@my-project.iam.gserviceaccount.com`.",
    "names.deployer_email":
      "The service account that deploys: `tf-staging-alice@my-project.iam.gserviceaccount.com`.",
    "application.images": "The images, by `image_tag` and `image_digests`.",
    "application.images.names": "Image names in the registry, by the chart's values.",
    quota: "What all pods of the namespace together may come to.",
    labels: "Labels of the namespace besides those of the module.",
  },
  notes: [
    "Service accounts, their rights and the runtime's database user are made elsewhere, by somebody who may; without the user the release waits at its migration.",
    "The images are those of the chart `plue`: its values `image`, `runner.image` and `ui.image`.",
  ],
  rules: [
    ...["names.namespace", "names.host_label"].map((path) => ({
      path,
      condition: 'can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", it))',
      message: `${path} has to be at most 63 lower-case letters, digits and -, first and last no -.`,
    })),
    { path: "quota.cpu", condition: CPU, message: "quota.cpu has to be a CPU quantity: 250m or 1.5." },
    ...["quota.memory", "quota.storage"].map((path) => ({
      path,
      condition: BYTES,
      message: `${path} has to be an amount of bytes: 512Mi or 2Gi.`,
    })),
    {
      path: "quota.pods",
      condition: "it >= 1 && floor(it) == it",
      message: "quota.pods has to be a whole number from 1.",
    },
    {
      path: "pod_limits.cpu",
      condition: CPU,
      message: "pod_limits.cpu has to be a CPU quantity: 250m or 1.5.",
    },
    ...["pod_limits.memory", "pod_limits.ephemeral_storage"].map((path) => ({
      path,
      condition: BYTES,
      message: `${path} has to be an amount of bytes: 512Mi or 2Gi.`,
    })),
  ],
  example: `module "alice" {
  source = "./modules/staging-namespace"

  project_id  = "my-project"
  environment = "staging"
  names = {
    namespace      = "alice"
    host_label     = "alice"
    database       = "plue_alice"
    database_user  = "staging-alice@my-project.iam"
    runtime_email  = "staging-alice@my-project.iam.gserviceaccount.com"
    deployer_email = "tf-staging-alice@my-project.iam.gserviceaccount.com"
  }
  email  = "alice@example.com"
  domain = "staging.example.com"
  gateway = {
    name        = "plue"
    namespace   = "gateway"
    routes_from = { label = "example.com/gateway-access", value = "true" }
  }
  deployer_cluster_role = "plue-namespace-deployer"
  sql_instance = {
    name            = module.database.instance_name
    connection_name = module.database.connection_name
    private_ip      = module.database.private_ip
  }
  application = {
    chart        = { name = "plue", path = "./charts/plue", hash = "1" }
    release_name = "plue"
    values_files = ["values-staging.yaml"]
    images = {
      registry = { project_id = "my-project", location = "us-central1", repository_id = "plue" }
      names    = { image = "zig-api", runner_image = "runner", ui_image = "ui" }
    }
    secrets = {
      environment = { ANTHROPIC_API_KEY = "anthropic-api-key" }
      files       = {}
      versions    = { anthropic-api-key = 1 }
    }
  }
  image_tag = "alice"
}`,
};
