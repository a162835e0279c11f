import {
  GcsBackend,
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformOutput,
  type TerraformOutputConfig,
  TerraformResource,
  TerraformVariable,
} from "cdktf";
import type { Construct, IConstruct, Node } from "constructs";
import { HclStack } from "../hcl/hcl-stack";
import { namingIds } from "../hcl/module";
import { EphemeralResource } from "./ephemeral-resource";
import { InvalidPropsError, printProblem } from "./invalid-props";
import { dataSourceType, fileOf, resourceType } from "./resource-types";

/** Backend of a stack, and the Terraform versions that may run it. An environment's configuration has it for all its stacks. */
export interface StackProps {
  /** GCS bucket of the remote state. Changing it moves nothing: run `terraform init -migrate-state` once. */
  readonly stateBucket: string;
  /**
   * Cloud KMS key that encrypts the state, `projects/…/locations/…/keyRings/…/cryptoKeys/…`. State written before
   * stays as it is until the next apply rewrites it.
   * @default the bucket's own encryption
   */
  readonly stateKmsKey?: string;
  /**
   * E-mail of a service account that reads and writes the state, whoever runs Terraform; no expression, as a backend takes
   * none. Her own credentials only ask for its tokens.
   * @default who runs Terraform
   */
  readonly impersonate?: string;
  /**
   * Terraform versions that may run this stack, as a version constraint.
   * @default ">= 1.11.0", the first with write-only arguments, by which secrets stay out of state
   */
  readonly requiredVersion?: string;
}

/** The first with write-only arguments, in Terraform and OpenTofu. */
const TERRAFORM_VERSIONS = ">= 1.11.0";

/**
 * Terraform root module with a state of its own: GCS backend, prefix = stack id.
 *
 * Logical ids are the construct path below the stack, joined by `_`, without hashes: the main resource of
 * construct `cluster` (child id `Resource`) is `google_container_cluster.cluster`, its child `sandbox` is
 * `google_container_node_pool.cluster_sandbox`. Renaming a construct therefore recreates its resources
 * unless a `moved` block says otherwise. Outputs and variables carry their own id alone.
 *
 * @throws at synthesis, when two elements would share one address (in stock CDKTF the first vanishes), on an id that is
 *   not a Terraform name, and on a type that has no row in the table of resource types
 * @example
 * ```ts
 * const base = new Stack(app, "acme-base", { stateBucket: "acme-terraform-state" });
 * googleProvider(base, { projectId: "acme-prod", region: "us-central1" });
 * base.output("region", { value: "us-central1", description: "Region of everything regional" });
 * ```
 */
export class Stack extends HclStack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id);
    // What CDK Terrain's newer bindings ask for; CDKTF does not look at it.
    this.node.setContext("targetVersions", { terraform: TERRAFORM_VERSIONS, opentofu: TERRAFORM_VERSIONS });
    new GcsBackend(this, {
      bucket: props.stateBucket,
      prefix: id,
      kmsEncryptionKey: props.stateKmsKey,
      impersonateServiceAccount: props.impersonate,
    });
    this.addOverride("terraform.required_version", props.requiredVersion ?? TERRAFORM_VERSIONS);
    this.node.addValidation({ validate: () => [...duplicateAddresses(this), ...unknownTypes(this)] });
  }

  /** Declares a root output under exactly this name. */
  output(name: string, config: TerraformOutputConfig): void {
    new TerraformOutput(this, name, config);
  }

  /**
   * Declares several root outputs.
   * @typeParam Name the names that other stacks may read; each has to be here
   */
  outputs<Name extends string>(outputs: Readonly<Record<Name, TerraformOutputConfig>>): void {
    for (const [name, config] of Object.entries<TerraformOutputConfig>(outputs)) this.output(name, config);
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    if (TerraformOutput.isTerraformOutput(element) || element instanceof TerraformVariable) return node.id;
    const scopes = node.scopes;
    const parts = scopes.slice(scopes.indexOf(this) + 1).map((scope) => scope.node.id);
    const id = namingIds(parts).join("_").replaceAll("-", "_");
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(id))
      throw new InvalidPropsError(node.path, [
        {
          prop: ["id"],
          problem: `"${id}" is not a Terraform name`,
          instead: "use letters, digits, - and _ in construct ids, and start with a letter",
        },
      ]);
    return id;
  }

  override prepareStack(): void {
    // The bindings say "google", which Terraform reads as hashicorp/google: written out for whoever reads the result.
    for (const provider of this.allProviders()) {
      const { terraformResourceType: name, terraformProviderSource: source } = provider;
      if (source && !source.includes("/"))
        this.addOverride(`terraform.required_providers.${name}.source`, `hashicorp/${source}`);
    }
    super.prepareStack();
  }
}

/** One line per Terraform address that more than one construct claims. */
function duplicateAddresses(stack: Stack): string[] {
  const owners = new Map<string, string[]>();
  for (const construct of stack.node.findAll()) {
    const address = addressOf(construct);
    if (address) owners.set(address, [...(owners.get(address) ?? []), construct.node.path]);
  }
  return [...owners].flatMap(([address, [first = "", ...others]]) =>
    others.map((path) =>
      printProblem(path, {
        prop: ["id"],
        problem: `makes ${address}, which ${first} is, so only one of them would be deployed`,
        instead: "give one another construct id",
      }),
    ),
  );
}

/** One line per construct of whose type nobody has said what it holds and needs. */
function unknownTypes(stack: Stack): string[] {
  return stack.node.findAll().flatMap((construct) => {
    const data = TerraformDataSource.isTerraformDataSource(construct);
    if (!data && !TerraformResource.isTerraformResource(construct)) return [];
    const type = construct.terraformResourceType;
    if (data ? dataSourceType(type) : resourceType(type)) return [];
    const what = data ? "what it reads and needs" : "what it holds, what it needs and what it costs";
    const problem = `${data ? "data." : ""}${type} has no row in ${fileOf(type)}`;
    return [printProblem(construct.node.path, { prop: ["type"], problem, instead: `add one with ${what}` })];
  });
}

/** The Terraform address of what this construct declares; undefined where it declares nothing that could be shadowed. */
function addressOf(construct: IConstruct): string | undefined {
  if (!TerraformElement.isTerraformElement(construct)) return undefined;
  const id = construct.friendlyUniqueId;
  if (TerraformResource.isTerraformResource(construct)) return `${construct.terraformResourceType}.${id}`;
  if (TerraformDataSource.isTerraformDataSource(construct))
    return `data.${construct.terraformResourceType}.${id}`;
  if (TerraformOutput.isTerraformOutput(construct)) return `output.${id}`;
  if (construct instanceof TerraformVariable) return `var.${id}`;
  if (construct instanceof TerraformLocal) return `local.${id}`;
  if (construct instanceof EphemeralResource) return `ephemeral.${construct.type}.${id}`;
  return undefined;
}
