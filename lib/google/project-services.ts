import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import { Aspects, dependable, TerraformDataSource, TerraformResource, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { rejectProps } from "../core/props";

const SUFFIX = ".googleapis.com";

/** The API behind each Terraform type of the Google providers, by the longest start of its name after `google_`. */
const APIS: Readonly<Record<string, string>> = {
  access_context_manager: "accesscontextmanager",
  artifact_registry: "artifactregistry",
  bigquery_dataset: "bigquery",
  bigquery_table: "bigquery",
  billing: "cloudbilling",
  billing_budget: "billingbudgets",
  binary_authorization: "binaryauthorization",
  certificate_manager: "certificatemanager",
  cloud_run: "run",
  cloud_run_v2: "run",
  cloud_scheduler: "cloudscheduler",
  cloud_tasks: "cloudtasks",
  cloudbuild: "cloudbuild",
  cloudfunctions2: "cloudfunctions",
  compute: "compute",
  container_analysis: "containeranalysis",
  container_cluster: "container",
  container_engine_versions: "container",
  container_node_pool: "container",
  dns: "dns",
  essential_contacts: "essentialcontacts",
  eventarc: "eventarc",
  gke_backup: "gkebackup",
  gke_hub: "gkehub",
  iam: "iam",
  iap: "iap",
  kms: "cloudkms",
  logging: "logging",
  memorystore: "memorystore",
  monitoring: "monitoring",
  network_connectivity: "networkconnectivity",
  network_security: "networksecurity",
  network_services: "networkservices",
  org_policy: "orgpolicy",
  privateca: "privateca",
  project_iam: "cloudresourcemanager",
  project_iam_custom_role: "iam",
  pubsub_schema: "pubsub",
  pubsub_subscription: "pubsub",
  pubsub_topic: "pubsub",
  redis: "redis",
  secret_manager: "secretmanager",
  service_account: "iam",
  service_networking: "servicenetworking",
  sql: "sqladmin",
  storage_bucket: "storage",
  storage_folder: "storage",
  storage_managed_folder: "storage",
  storage_project_service_account: "storage",
  vpc_access: "vpcaccess",
};

/** Types that come before every API, or call none. */
const WITHOUT_API = new Set(["google_project", "google_project_service", "data.google_iam_policy"]);

export interface ProjectServicesProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * APIs to enable, by full name (`container.googleapis.com`). Removing one from the list leaves it enabled.
   * Those that only run in the background (`containerscanning.googleapis.com`) belong here too.
   */
  readonly services: readonly string[];
}

/**
 * Enabled APIs of a project (Service Usage), for which everything else in the stack waits: each resource and data
 * source of google and google-beta gets `depends_on` its `google_project_service`. A type whose API the list lacks
 * is an error at synthesis, so a missing API shows before a deploy and not in the middle of it.
 *
 * Once per stack, in the stack that owns the project. A destroy leaves all APIs enabled (`disable_on_destroy`): other
 * stacks of the project use them.
 *
 * Two APIs must be enabled by hand in a new project before the first apply, because enabling others needs them:
 * `gcloud services enable serviceusage.googleapis.com cloudresourcemanager.googleapis.com --project=<project>`.
 * An API that was enabled a moment ago may answer 403 for a few minutes: apply again.
 *
 * A data source is read during apply, not in the plan, in the one run that enables its API.
 *
 * Source: OctoLLM document, section "GCP Setup".
 * @see https://cloud.google.com/service-usage/docs/enable-disable
 * @throws on a name that is no API's, or listed twice; at synthesis, on Google types whose API is unknown or not listed
 * @example
 * ```ts
 * new ProjectServices(stack, "services", {
 *   projectId: "acme-prod",
 *   services: ["artifactregistry.googleapis.com", "containerscanning.googleapis.com"],
 * });
 * new ArtifactRegistry(stack, "images", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop",
 *   deletionProtection: true,
 * });
 * ```
 */
export class ProjectServices extends Construct {
  /** What depends_on says, by API. One token each, so that a second visit recognizes the first one's. */
  private readonly enabled = new Map<string, string>();

  constructor(scope: Construct, id: string, props: ProjectServicesProps) {
    super(scope, id);
    rejectProps(this, problems(props.services));

    for (const service of props.services) {
      const enabling = new ProjectService(this, service.slice(0, -SUFFIX.length).replaceAll(".", "-"), {
        project: props.projectId,
        service,
        disableOnDestroy: false,
        disableDependentServices: false,
      });
      this.enabled.set(service, dependable(enabling));
    }

    const stack = TerraformStack.of(this);
    // Aspects run once the tree is complete, after cross-stack references are made and before validation.
    Aspects.of(stack).add({ visit: (node) => this.orderAfterApi(node) });
    this.node.addValidation({ validate: () => stack.node.findAll().flatMap((node) => this.missing(node)) });
  }

  private orderAfterApi(node: IConstruct): void {
    const element = googleElement(node);
    const enabled = element && this.enabled.get(apiOf(element) ?? "");
    if (!enabled || element.dependsOn?.includes(enabled)) return;
    element.dependsOn = [...(element.dependsOn ?? []), enabled];
  }

  private missing(node: IConstruct): string[] {
    const element = googleElement(node);
    if (!element) return [];
    const what = `${node.node.path} (${addressType(element)})`;
    const api = apiOf(element);
    if (!api)
      return [
        `${what}: which API this type needs is not known here; add it to lib/google/project-services.ts.`,
      ];
    if (this.enabled.has(api)) return [];
    return [`${what} needs ${api}; add it to the services of ${this.node.path}.`];
  }
}

type GoogleElement = TerraformResource | TerraformDataSource;

/** The construct as a Google resource or data source that needs an API; undefined when it is none. */
function googleElement(node: IConstruct): GoogleElement | undefined {
  if (!TerraformResource.isTerraformResource(node) && !TerraformDataSource.isTerraformDataSource(node))
    return undefined;
  if (!node.terraformResourceType.startsWith("google_")) return undefined;
  return WITHOUT_API.has(addressType(node)) ? undefined : node;
}

function addressType(element: GoogleElement): string {
  const type = element.terraformResourceType;
  return TerraformDataSource.isTerraformDataSource(element) ? `data.${type}` : type;
}

function apiOf(element: GoogleElement): string | undefined {
  // Asking an API for its service agent works only once that API is enabled.
  if (element instanceof GoogleProjectServiceIdentity) return element.serviceInput;
  if (element.terraformResourceType === "google_project") return `cloudresourcemanager${SUFFIX}`;
  const words = element.terraformResourceType.split("_").slice(1);
  for (let length = words.length; length > 0; length--) {
    const api = APIS[words.slice(0, length).join("_")];
    if (api) return api + SUFFIX;
  }
  return undefined;
}

function problems(services: readonly string[]): string[] {
  return services.flatMap((service, index) => {
    if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*\.googleapis\.com$/.test(service))
      return [
        `"${service}" is not the name of an API; write it in full, for instance container.googleapis.com.`,
      ];
    return services.indexOf(service) < index ? [`${service} is listed twice; once is enough.`] : [];
  });
}
