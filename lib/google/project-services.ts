import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import { Aspects, dependable, TerraformDataSource, TerraformResource, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { type PropProblem, printProblem, rejectProps } from "../core/invalid-props";
import { dataSourceType, resourceType } from "../core/resource-types";

const SUFFIX = ".googleapis.com";

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
 * source of google and google-beta gets `depends_on` its `google_project_service`, as the table of resource types says.
 * A type whose API the list lacks is an error at synthesis, so it shows before a deploy and not in the middle of it.
 *
 * Once per stack, in the stack that owns the project. A destroy leaves all APIs enabled (`disable_on_destroy`): other
 * stacks of the project use them.
 *
 * Two APIs must be enabled before the first apply in a new project, because enabling others needs them: Service Usage and
 * Cloud Resource Manager. `plue bootstrap` enables them; elsewhere
 * `gcloud services enable serviceusage.googleapis.com cloudresourcemanager.googleapis.com --project=<project>` does.
 * An API that was enabled a moment ago may answer 403 for a few minutes: apply again.
 *
 * A data source is read during apply, not in the plan, in the one run that enables its API.
 *
 * Source: OctoLLM document, section "GCP Setup".
 * @see https://cloud.google.com/service-usage/docs/enable-disable
 * @throws on a name that is no API's, or listed twice; at synthesis, on Google types whose API is not listed
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
    if (!isElement(node)) return;
    const enabled = this.enabled.get(apiOf(node) ?? "");
    if (!enabled || node.dependsOn?.includes(enabled)) return;
    node.dependsOn = [...(node.dependsOn ?? []), enabled];
  }

  private missing(node: IConstruct): string[] {
    if (!isElement(node)) return [];
    const api = apiOf(node);
    if (!api || this.enabled.has(api)) return [];
    const { terraformResourceType: type } = node;
    const shown = TerraformDataSource.isTerraformDataSource(node) ? `data.${type}` : type;
    const problem = `has no ${api}, which ${node.node.path} (${shown}) needs`;
    return [printProblem(this.node.path, { prop: ["services"], problem, instead: "add it" })];
  }
}

type Element = TerraformResource | TerraformDataSource;

const needed = new WeakMap<Element, string>();

/** Lets an element wait for an API that its type does not tell. @param api by full name */
export function needsApi<E extends Element>(element: E, api: string): E {
  needed.set(element, api);
  return element;
}

function isElement(node: IConstruct): node is Element {
  return TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node);
}

/** The API that a resource or data source needs, by full name; undefined for one that calls none. */
function apiOf(element: Element): string | undefined {
  // Asking an API for its service agent works only once that API is enabled.
  if (element instanceof GoogleProjectServiceIdentity) return element.serviceInput;
  const told = needed.get(element);
  if (told) return told;
  const known = TerraformDataSource.isTerraformDataSource(element) ? dataSourceType : resourceType;
  const api = known(element.terraformResourceType)?.api;
  return api ? api + SUFFIX : undefined;
}

function problems(services: readonly string[]): PropProblem[] {
  return services.flatMap((service, index) => {
    const prop = ["services", index];
    if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*\.googleapis\.com$/.test(service))
      return [
        {
          prop,
          problem: `is "${service}", which is no name of an API`,
          instead: "write it in full, such as container.googleapis.com",
        },
      ];
    if (services.indexOf(service) === index) return [];
    return [{ prop, problem: `is ${service}, which is listed already`, instead: "name it once" }];
  });
}
