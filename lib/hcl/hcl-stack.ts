import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ISynthesisSession,
  TerraformDataSource,
  TerraformElement,
  TerraformOutput,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import { StackSynthesizer } from "cdktf/lib/synthesize/synthesizer";
import { deepMerge } from "cdktf/lib/util";
import type { Construct } from "constructs";
import { PROVIDER_NESTING, type ProviderNesting, providerSchemaOf, schemaOf } from "./bindings";
import type { JsonObject } from "./body";
import { type ModuleFile, STACK_FILES } from "./files";
import { eitherGrammar, type Schemas } from "./grammar";
import { prepareTokens, readString, resolveMarked } from "./literal-text";
import { type ModuleOptions, namingIds, namingPlace, type Origin, renderModule } from "./module";
import { mapModuleStrings } from "./module-strings";

/** The file that stands for the stack in the manifest: the only one that is always there. */
const MAIN_FILE: ModuleFile = "main.tf";

/** A stack as HCL. */
export interface HclStackOutput {
  /** All files as one text. */
  readonly hcl: string;
  /** Text by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** What the CLI reads instead of the configuration: paths of constructs, outputs, providers. */
  readonly metadata: JsonObject;
}

/**
 * Terraform stack that `cdktf synth --hcl` writes as a folder of HCL files with the same meaning as its JSON, to be read
 * and kept by people. It replaces cdktf's own rendering in any program: extend it instead of `TerraformStack`.
 *
 * @throws Error at synthesis to HCL, for what HCL cannot say and for a provider whose nesting is not known
 * @example
 * ```ts
 * const legacy = new HclStack(app, "acme-legacy");
 * googleProvider(legacy, { projectId: "acme-prod", region: "us-central1" });
 * ```
 */
export class HclStack extends TerraformStack {
  private rendered: HclStackOutput | undefined;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.synthesizer = new FolderSynthesizer(this, () => this.rendered?.files ?? {});
  }

  /** How providers nest, by source address; a program with others than `PROVIDER_NESTING` has overrides this. */
  protected get providerNesting(): Readonly<Record<string, ProviderNesting>> {
    return PROVIDER_NESTING;
  }

  /**
   * What CDKTF makes of the stack, save that text is text: `${` and `%{` in it are escaped where Terraform reads a
   * template, and the expressions are tokens alone. Outputs keep their preconditions.
   *
   * @throws Error for a token where Terraform takes no expression, and for a block that Terraform does not have, naming
   *   the construct and the argument
   */
  override toTerraform(): JsonObject {
    const elements = elementsOf(this);
    const config: Record<string, unknown> = { "//": this.comment(elements) };
    for (const element of elements) deepMerge(config, resolveMarked(this, blocksOf(element)));
    deepMerge(config, this["rawOverrides"]);
    for (const section of Object.keys(this["rawOverrides"]))
      config[section] = resolveMarked(this, config[section]);
    const origins = originsOf(this, elements);
    return namingPlace(
      (address) => origins.get(address),
      () => mapModuleStrings(config, readString),
    );
  }

  /** What the CLI reads in the configuration: versions, the backend, overrides, paths of outputs. */
  private comment(elements: readonly TerraformElement[]): JsonObject {
    const overrides = Object.keys(this["rawOverrides"]);
    const metadata = {
      version: this["cdktfVersion"],
      stackName: this.node.id,
      backend: "local",
      ...(overrides.length > 0 && { overrides: { stack: overrides } }),
    };
    const outputs = {};
    for (const element of elements) {
      deepMerge(metadata, resolveMarked(this, element.toMetadata()));
      if (!TerraformOutput.isTerraformOutput(element)) continue;
      const path = element.node.path.split("/");
      deepMerge(
        outputs,
        path.reduceRight<unknown>((inner, part) => ({ [part]: inner }), element.friendlyUniqueId),
      );
    }
    return { metadata, outputs };
  }

  /** Resolving for the first time declares what a reference from one stack to another needs. */
  override prepareStack(): void {
    this["ensureBackendExists"]();
    for (const element of elementsOf(this)) prepareTokens(this, element.toTerraform());
  }

  override toHclTerraform(): HclStackOutput {
    const config = this.toTerraform() as JsonObject;
    const files = renderModule(config, this.hclOptions(config));
    this.rendered = {
      hcl: Object.values(files).filter(Boolean).join("\n"),
      files,
      metadata: metadataOf(config),
    };
    return this.rendered;
  }

  /**
   * What `renderModule` has to know of the providers and constructs in use, for this stack's configuration or for one
   * made from it with other names and values.
   */
  hclOptions(config: JsonObject): ModuleOptions {
    const elements = elementsOf(this);
    const origins = originsOf(this, elements);
    return {
      schemas: stackSchemas(elements, config, this.providerNesting),
      origin: (address) => origins.get(address),
    };
  }
}

/** Writes a folder of files where cdktf would write one, and no second form beside it: Terraform reads both. */
class FolderSynthesizer extends StackSynthesizer {
  constructor(
    stack: TerraformStack,
    private readonly files: () => Readonly<Record<string, string>>,
  ) {
    super(stack);
  }

  override synthesize(session: ISynthesisSession): void {
    const entry = session.manifest.forStack(this.stack);
    const folder = join(session.outdir, entry.workingDirectory);
    for (const name of STACK_FILES) rmSync(join(folder, name), { force: true });
    const { hclOutput } = session.manifest;
    // The manifest has no other way to say which file it is; cdktf sets its annotations in the same manner.
    if (hclOutput) Object.assign(entry, { synthesizedStackPath: join(entry.workingDirectory, MAIN_FILE) });
    const failsLater = process.env["CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS"] !== undefined;
    new StackSynthesizer(this.stack, failsLater, hclOutput).synthesize(session);
    if (!hclOutput) return;
    for (const [name, text] of Object.entries(this.files())) writeFileSync(join(folder, name), text);
  }
}

/** The blocks that an element declares; CDKTF drops the preconditions of outputs. */
function blocksOf(element: TerraformElement): object {
  const blocks: object = element.toTerraform();
  if (!TerraformOutput.isTerraformOutput(element) || !element.precondition) return blocks;
  const { condition, errorMessage: error_message } = element.precondition;
  const precondition = {
    output: { [element.friendlyUniqueId]: { precondition: { condition, error_message } } },
  };
  return deepMerge(precondition, blocks);
}

/** In the order of the program, without those of a stack inside the stack. */
function elementsOf(stack: TerraformStack): TerraformElement[] {
  return stack.node
    .findAll()
    .filter(TerraformElement.isTerraformElement)
    .filter((element) => element.cdktfStack === stack);
}

function originsOf(stack: TerraformStack, elements: readonly TerraformElement[]): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const [index, element] of elements.entries()) {
    const { scopes, path } = element.node;
    const around = scopes.slice(scopes.indexOf(stack) + 1, -1).map(({ node }) => node.id);
    const section = namingIds(around).join("/");
    const address = TerraformProvider.isTerraformProvider(element)
      ? `provider.${element.terraformResourceType}`
      : element["_elementType"] && `${element["_elementType"]}.${element.friendlyUniqueId}`;
    if (address) origins.set(address, { path, section, index });
  }
  return origins;
}

/** Schemas of all types in the stack, from the bindings its constructs come from. */
function stackSchemas(
  elements: readonly TerraformElement[],
  config: JsonObject,
  nesting: Readonly<Record<string, ProviderNesting>>,
): Schemas {
  const sourceOf = providerSources(config);
  const generated = new Map<string, (TerraformResource | TerraformDataSource)[]>();
  for (const element of elements) {
    const isData = TerraformDataSource.isTerraformDataSource(element);
    if (!(isData || TerraformResource.isTerraformResource(element)) || !element.terraformGeneratorMetadata)
      continue;
    const type = `${isData ? "data" : "resource"}.${element.terraformResourceType}`;
    const known = generated.get(type) ?? [];
    if (!known.some((other) => other.constructor === element.constructor))
      generated.set(type, [...known, element]);
  }
  const providers = elements.filter(TerraformProvider.isTerraformProvider);
  return (kind, type) => {
    if (kind === "provider") {
      const source = sourceOf(type);
      const configurations = providers.filter((provider) => provider.terraformResourceType === type);
      return providerSchemaOf(configurations, source, nesting[source]);
    }
    // A type may come from the bindings of two providers (google, google-beta), of which one knows more blocks.
    const elements = generated.get(`${kind}.${type}`) ?? [undefined];
    return eitherGrammar(
      elements.map((element) => {
        const source = sourceOf(element?.terraformGeneratorMetadata?.providerName ?? type.replace(/_.*/, ""));
        return schemaOf(element, type, source, nesting[source]);
      }),
    );
  };
}

/** Source address by local name, as `required_providers` or else Terraform's default has it. */
function providerSources(config: JsonObject): (localName: string) => string {
  const { required_providers = {} } = (config["terraform"] ?? {}) as {
    required_providers?: Record<string, { source?: string } | undefined>;
  };
  return (localName) => {
    if (localName === "terraform") return "terraform.io/builtin/terraform";
    const source = (required_providers[localName]?.source ?? localName).replace(
      /^registry\.(terraform\.io|opentofu\.org)\//,
      "",
    );
    return source.includes("/") ? source : `hashicorp/${source}`;
  };
}

/** The configuration without its arguments: comments (paths of constructs) and the `terraform` block. */
function metadataOf(config: JsonObject): JsonObject {
  const paths = (section: unknown): unknown =>
    Object.fromEntries(
      Object.entries((section ?? {}) as Record<string, Record<string, JsonObject>>).map(([type, named]) => [
        type,
        Object.fromEntries(
          Object.entries(named).map(([name, body]) => [name, body["//"] ? { "//": body["//"] } : {}]),
        ),
      ]),
    );
  return {
    "//": config["//"],
    terraform: config["terraform"],
    resource: paths(config["resource"]),
    data: paths(config["data"]),
  };
}
