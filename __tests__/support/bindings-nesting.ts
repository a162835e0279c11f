import { TerraformDataSource, TerraformProvider, TerraformResource, type TerraformStack } from "cdktf";
import type { Nesting, NestingOf } from "./hcl-meaning";

/** Providers whose structured arguments are attributes, all others in use having blocks. */
const WITHOUT_BLOCKS = /^(helm|random|cloudflare|terraform)(_|$)/;

/** Nesting of what a stack declares, as the bindings' own HCL form has it: a source that the renderer does not use. */
export function nestingOfStack(stack: TerraformStack): NestingOf {
  const known = new Map<string, Nesting>();
  for (const construct of stack.node.findAll()) {
    const isProvider = TerraformProvider.isTerraformProvider(construct);
    const isData = TerraformDataSource.isTerraformDataSource(construct);
    if (!isProvider && !isData && !TerraformResource.isTerraformResource(construct)) continue;
    const type = construct.terraformResourceType;
    const key = isProvider
      ? `provider.${type}.`
      : `${isData ? "data" : "resource"}.${type}.${construct.friendlyUniqueId}`;
    const attributes = WITHOUT_BLOCKS.test(type)
      ? {}
      : nesting((construct as unknown as HclAttributes).synthesizeHclAttributes());
    known.set(key, { ...known.get(key), ...attributes });
  }
  return (kind, type, name) => known.get(`${kind}.${type}.${name}`) ?? {};
}

interface HclAttributes {
  synthesizeHclAttributes(): unknown;
}

function nesting(value: unknown): Nesting {
  if (Array.isArray(value)) return value.map(nesting).reduce(merge, {});
  return Object.fromEntries(
    Object.entries((value ?? {}) as Record<string, { isBlock?: boolean; value?: unknown }>)
      .filter(([, attribute]) => attribute?.isBlock)
      .map(([key, attribute]) => [key, nesting(attribute.value)]),
  );
}

/** Of two blocks of one name: each may have blocks that the other has not. */
function merge(one: Nesting, other: Nesting): Nesting {
  const entries = Object.entries(other).map(([key, inner]) => [key, merge(one[key] ?? {}, inner)]);
  return { ...one, ...Object.fromEntries(entries) };
}
