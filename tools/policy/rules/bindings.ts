/** What a binding's module has of interest: classes by name. */
type Module = Readonly<Record<string, { readonly tfResourceType?: string; readonly prototype?: object }>>;

/** By the first word of a resource type: its package, and what files and classes there are called without. */
const PACKAGES: Readonly<Record<string, { readonly name: string; readonly dropped: string }>> = {
  google: { name: "@cdktf/provider-google", dropped: "google_" },
  cloudflare: { name: "@cdktf/provider-cloudflare", dropped: "cloudflare_" },
  kubernetes: { name: "@cdktf/provider-kubernetes", dropped: "kubernetes_" },
};

const modules = new Map<string, Module | undefined>();

/** Whether resources of a type take an argument at their top level, by the provider's bindings. */
export function hasArgument(type: string, argument: string): boolean {
  return has(resourceClass(type), `${camelCase(argument)}Input`);
}

/**
 * Where a type takes the labels by which Google's bills and consoles tell resources apart, as a path; undefined for one
 * that takes none.
 *
 * `labels` alone says little: on a notification channel it is the address. The provider computes `effective_labels`
 * beside those that are meant; other APIs call them `user_labels` and `resource_labels`, some inside a block.
 */
export function labelsPath(type: string): readonly string[] | undefined {
  const resource = resourceClass(type);
  if (!resource) return undefined;
  const own = has(resource, "effectiveLabels")
    ? ["labels", "resource_labels"].find((name) => hasArgument(type, name))
    : ["user_labels", "resource_labels"].find((name) => hasArgument(type, name));
  if (own) return [own];
  for (const [name, block] of Object.entries(moduleOf(type) ?? {})) {
    const [, child] = new RegExp(`^${resource.name}(\\w+)OutputReference$`).exec(name) ?? [];
    if (!child || !has(resource, `${child.charAt(0).toLowerCase()}${child.slice(1)}Input`)) continue;
    const label = ["user_labels", "resource_labels"].find((label) => has(block, `${camelCase(label)}Input`));
    if (label) return [snakeCase(child), label];
  }
  return undefined;
}

function resourceClass(type: string): { readonly name: string; readonly prototype?: object } | undefined {
  return Object.values(moduleOf(type) ?? {}).find(({ tfResourceType }) => tfResourceType === type) as never;
}

function moduleOf(type: string): Module | undefined {
  if (!modules.has(type)) modules.set(type, load(type));
  return modules.get(type);
}

function load(type: string): Module | undefined {
  const known = PACKAGES[type.split("_")[0] ?? ""];
  if (!known) return undefined;
  const path = `${known.name}/lib/${type.slice(known.dropped.length).replaceAll("_", "-")}`;
  try {
    return require(path) as Module;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

function has(of: { readonly prototype?: object } | undefined, member: string): boolean {
  return of?.prototype !== undefined && Object.hasOwn(of.prototype, member);
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase();
}
