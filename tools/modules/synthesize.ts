import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformElement, TerraformOutput, TerraformVariable } from "cdktf";
import type { Construct, Node } from "constructs";
import { unwrittenApp } from "../../lib/core/app";
import type { InvalidPropsHandler } from "../../lib/core/invalid-props";
import { HclStack } from "../../lib/hcl/hcl-stack";
import { type ModuleOptions, namingIds } from "../../lib/hcl/module";
import { type ModuleDefinition, ModuleGapError, outputName, type Props } from "./definition";
import type { Field } from "./fields";
import { Samples, type Variant } from "./samples";
import { entriesOf, pathsIn, placeholder, type TreeObject } from "./tree";

/** One synthesis of the construct: placeholders where its samples went. */
export interface Synthesis {
  /** Bodies by section, type and logical id. */
  readonly config: TreeObject;
  /** Per element, by address: the collections it exists for each entry of, and the segments of its construct's path. */
  readonly elements: ReadonlyMap<string, ElementOrigin>;
  readonly hclOptions: ModuleOptions;
}

export interface ElementOrigin {
  /** The collection, as the path of its entries, that it exists for each of; none or one. */
  readonly entries: readonly string[];
  /** Below the construct; keys of entries are placeholders. */
  readonly path: readonly string[];
  /** Which of the kinds of entries. */
  readonly kind: number;
  /** Place in the program. */
  readonly index: number;
}

/** Every provider that a construct with a module may need, and google-beta to pass on. */
export function declareProviders(stack: HclStack): GoogleBetaProvider {
  const googleBeta = new GoogleBetaProvider(stack, "google-beta");
  for (const Provider of [
    GoogleProvider,
    CloudflareProvider,
    RandomProvider,
    HelmProvider,
    KubernetesProvider,
  ])
    new Provider(stack, Provider.name, {});
  return googleBeta;
}

/** Synthesizes the construct with samples for props. */
export function synthesizeSamples(
  definition: ModuleDefinition,
  fields: readonly Field[],
  variants: readonly Variant[] = [],
  round: 0 | 1 = 0,
): Synthesis {
  const { samples = {}, kinds = {}, cases = {}, build = (props) => props } = definition;
  const values = new Samples({ samples, kinds, cases }, round);
  const stack = new ModuleStack(unwrittenApp(), definition, values);
  const googleBeta = declareProviders(stack);
  const props = build({ ...values.props(fields, variants), googleBeta });
  const construct = declare(definition, stack, props, variants);
  declareOutputs(definition, construct, stack);
  stack.prepareStack();
  const json = stack.toTerraform() as TreeObject;
  return {
    config: values.replace(json) as TreeObject,
    elements: stack.elements(),
    hclOptions: stack.hclOptions(json),
  };
}

const MODULE = "module";

/** @throws {ModuleGapError} naming the case, when the construct does not take a sample for a value */
function declare(definition: ModuleDefinition, stack: HclStack, props: Props, variants: readonly Variant[]) {
  try {
    return definition.declare(stack, MODULE, props);
  } catch (error) {
    const { name, construct } = definition;
    const tried = variants.map(({ path, is }) => `${path} ${typeof is === "object" ? is.value : is}`);
    throw new ModuleGapError(
      `module ${name}: ${construct} fails with sample props (${tried.join(", ") || "everything given"}): ${(error as Error).message}. Say by \`samples\` or \`cases\` in tools/modules/definitions/${name}.ts what it takes, or leave the prop out by \`fixed\`.`,
    );
  }
}

/** Gives elements the ids that they have in the module: without the construct's own, and without keys of entries. */
class ModuleStack extends HclStack implements InvalidPropsHandler {
  constructor(
    scope: Construct,
    private readonly definition: ModuleDefinition,
    private readonly values: Samples,
  ) {
    super(scope, "stack");
  }

  /** Samples are no values: that a construct would refuse them says nothing. */
  onInvalidProps(): void {}

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    if (element instanceof TerraformVariable || element instanceof TerraformOutput) return node.id;
    const parts = this.pathOf(node).flatMap(({ text, isKey }) => (isKey ? [] : [text]));
    const collection = this.pathOf(node).find(({ isKey }) => isKey);
    const path = collection?.text.slice(0, -".@".length) ?? "";
    const kind = this.definition.kinds?.[path]?.[this.kindOf(node)];
    const entry = kind?.name ?? this.definition.entryNames?.[path];
    const numbered = this.definition.counted?.[parts.join("_").replace(/\d+$/, "#")];
    const named = collection && entry ? [entry] : numbered ? [numbered] : parts;
    return named.join("_").replaceAll("-", "_") || this.definition.main;
  }

  elements(): Map<string, ElementOrigin> {
    const found = new Map<string, ElementOrigin>();
    const all = this.node.findAll().filter(TerraformElement.isTerraformElement);
    for (const [index, element] of all.entries()) {
      const type = element["_elementType"];
      if (!type || element instanceof TerraformVariable || element instanceof TerraformOutput) continue;
      const path = this.pathOf(element.node);
      const entries = path.flatMap(({ text, isKey }) => (isKey ? entriesOf(text) : []));
      const segments = path.map(({ text, isKey }) => (isKey ? placeholder(text) : text));
      found.set(`${type}.${element.friendlyUniqueId}`, {
        entries: entries.slice(-1),
        path: segments,
        kind: this.kindOf(element.node),
        index,
      });
    }
    return found;
  }

  private kindOf(node: Node): number {
    return node.scopes.reduce((kind, scope) => this.values.kindOf(scope.node.id) ?? kind, 0);
  }

  /** Segments below the construct but its main resource's. */
  private pathOf(node: Node): { text: string; isKey: boolean }[] {
    const { scopes } = node;
    const below = scopes.slice(scopes.findIndex((scope) => scope.node.id === MODULE) + 1);
    return namingIds(below.map((scope) => scope.node.id)).map((id) => {
      const [path] = pathsIn(this.values.replaceIn(id));
      return { text: path ?? id, isKey: path !== undefined };
    });
  }
}

/** Declares the outputs; what the construct refuses to tell, or does not have, is left out. */
function declareOutputs({ outputs }: ModuleDefinition, construct: Construct, stack: HclStack): void {
  for (const output of outputs) {
    const { member, part, sensitive } = output;
    const value = memberOf(construct, member);
    if (value === undefined) continue;
    const told = part
      ? Object.fromEntries(
          Object.entries(value as Props).map(([key, entry]) => [key, (entry as Props)[part]]),
        )
      : value;
    new TerraformOutput(stack, outputName(output), { value: told, sensitive });
  }
}

function memberOf(construct: Construct, member: string): unknown {
  try {
    return (construct as Props)[member];
  } catch {
    return undefined;
  }
}
