import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { TerraformModule } from "../../tools/modules/module";
import type { Sources } from "../../tools/modules/read-props";
import { shared } from "./shared";

// Importing this first has the Terraform modules of the constructs made once for all test files, which takes seconds. What
// they lack is what renders them, the schemas: `__tests__/tools/modules/modules.test.ts` makes its own.

jest.doMock("../../tools/modules/module", () => {
  const real = jest.requireActual<typeof import("../../tools/modules/module")>("../../tools/modules/module");
  const makeModule: typeof real.makeModule = (definition, sources) => {
    const source = realpathSync(definition.file);
    if (source !== resolve(CHECKOUT, definition.file)) return real.makeModule(definition, sources);
    const made = shared("module", definition.name, () => {
      const { definition: _, general, ...module } = real.makeModule(definition, sources);
      return encode({ ...module, general: { ...general, schemas: undefined } });
    });
    return { definition, ...(decode(made) as Omit<TerraformModule, "definition">) };
  };
  return { ...real, makeModule };
});

jest.doMock("../../tools/modules/read-props", () => {
  const real = jest.requireActual<typeof import("../../tools/modules/read-props")>(
    "../../tools/modules/read-props",
  );
  const readSources: typeof real.readSources = (...args) => {
    let sources: Sources | undefined;
    const read = () => {
      sources ??= real.readSources(...args);
      return sources;
    };
    return { fields: (...of) => read().fields(...of), members: (...of) => read().members(...of) };
  };
  return { ...real, readSources };
});

const CHECKOUT = process.cwd();

/** Maps, and nodes of trees, as JSON can hold them. */
function encode(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item) => (item === undefined ? { $: "undefined" } : encode(item)));
  if (value instanceof Map) return { $: "Map", of: encode([...value]) };
  const fields = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]));
  const { name } = value.constructor;
  return name === "Object" ? fields : { $: name, of: fields };
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  const { $: name, of } = value as { $?: string; of?: unknown };
  if (name === "undefined") return undefined;
  if (name === "Map") return new Map(decode(of) as [unknown, unknown][]);
  const from = name === undefined ? value : (of as object);
  const fields = Object.fromEntries(Object.entries(from).map(([key, item]) => [key, decode(item)]));
  if (name === undefined) return fields;
  const nodes = require("../../tools/modules/tree") as Record<string, { prototype: object }>;
  return Object.assign(Object.create((nodes[name] as { prototype: object }).prototype), fields);
}
