import { Project } from "@cdktf/provider-google/lib/project";
import { Construct } from "constructs";
import { adopt } from "../core/imports";
import { accountIdProblem, type PropProblem, problemAt, rejectProps } from "../core/invalid-props";
import { lifecycle } from "../core/props";
import { ProjectServices } from "./project-services";

/** Those that enabling any other needs. */
const FIRST = ["serviceusage.googleapis.com", "cloudresourcemanager.googleapis.com"];

export interface ProjectFactoryProps {
  /** Id of the project, 6 to 30 characters, nobody else's in the world. Taken for ever: see the class. */
  readonly projectId: string;
  /** Name in the console, 4 to 30 characters. */
  readonly displayName: string;
  /** Folder or organization that it is in, by its number. Another one moves it there, with what is in it. */
  readonly parent: { readonly folderId: string } | { readonly organizationId: string };
  /** Billing account that pays, `012345-6789AB-CDEF01`. */
  readonly billingAccount: string;
  /** APIs to enable, by full name. @default the two that enabling others needs */
  readonly services?: readonly string[];
  /** Terraform, and the provider by itself, refuse to destroy it. @default true */
  readonly deletionProtection?: boolean;
  /** The project is there already: an import block takes it into the state, and does nothing afterwards. @default false, it is made */
  readonly adopt?: boolean;
  /** Labels of the project, by which the bill is split. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Google Cloud project: in a folder or an organization, linked to a billing account, with APIs enabled and without the network
 * that Google makes in each, which everybody may reach by SSH.
 *
 * One in a stack, which comes before every other of the project: its state is in a bucket of another project. A destroyed
 * project can be brought back for 30 days (`gcloud projects undelete`), and its id is never free again.
 *
 * Costs nothing by itself. Who applies it needs `roles/resourcemanager.projectCreator` on the parent and
 * `roles/billing.user` on the billing account; for this no identity of the project itself will do.
 *
 * Source: OctoLLM document, section "GCP Setup".
 * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects
 * @throws when an id, a name, a number or the billing account is none, or a service is no API
 * @example
 * ```ts
 * const project = new ProjectFactory(stack, "project", {
 *   projectId: "acme-dev",
 *   displayName: "Acme Development",
 *   parent: { folderId: "123456789012" },
 *   billingAccount: "012345-6789AB-CDEF01",
 *   services: ["serviceusage.googleapis.com", "cloudresourcemanager.googleapis.com", "run.googleapis.com"],
 *   labels: { environment: "dev" },
 * });
 * stack.output("project_number", { value: project.number });
 * ```
 */
export class ProjectFactory extends Construct {
  /** Id of the project; reading it waits for the project. */
  readonly projectId: string;
  /** Number that Google gave it. */
  readonly number: string;

  constructor(scope: Construct, id: string, props: ProjectFactoryProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { parent, deletionProtection = true, services = FIRST } = props;
    const project = new Project(this, "Resource", {
      projectId: props.projectId,
      name: props.displayName,
      folderId: "folderId" in parent ? parent.folderId : undefined,
      orgId: "organizationId" in parent ? parent.organizationId : undefined,
      billingAccount: props.billingAccount,
      autoCreateNetwork: false,
      deletionPolicy: deletionProtection ? "PREVENT" : "DELETE",
      labels: props.labels,
      lifecycle: lifecycle(deletionProtection),
    });
    if (props.adopt) adopt(project, props.projectId);
    this.projectId = project.projectId;
    this.number = project.number;
    new ProjectServices(this, "services", { projectId: project.projectId, services });
  }
}

function problems({ projectId, displayName, parent, billingAccount }: ProjectFactoryProps): PropProblem[] {
  const found: PropProblem[] = problemAt(["projectId"], accountIdProblem(projectId));
  if (!/^[\w '"!-]{4,30}$/.test(displayName))
    found.push({
      prop: ["displayName"],
      problem: `is "${displayName}"`,
      instead: "use 4 to 30 letters, digits, spaces, -, ', \" and !",
    });
  const [key, number] = Object.entries(parent)[0] ?? ["folderId", ""];
  if (!/^\d+$/.test(number))
    found.push({
      prop: ["parent", key],
      problem: `is "${number}"`,
      instead: "give the number, without folders/ or organizations/",
    });
  if (!/^([0-9A-F]{6}-){2}[0-9A-F]{6}$/.test(billingAccount))
    found.push({
      prop: ["billingAccount"],
      problem: `is "${billingAccount}"`,
      instead: "give its id, such as 012345-6789AB-CDEF01",
    });
  return found;
}
