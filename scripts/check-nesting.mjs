// Compares what the HCL renderer takes for blocks with the providers' real schemas, for every generated class of the
// installed bindings. To be run by hand after a change of provider versions:
//
//   node --max-old-space-size=3000 scripts/check-nesting.mjs <folder> [part of a file's name]
//
// The folder holds a schema a provider, `<name>.json` or `.json.gz`: one entry of `terraform providers schema -json`
// with its `source` ("hashicorp/google") added.
import "./requirements.mjs";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { loadProgram, root } from "./strip-types.mjs";

const require = createRequire(import.meta.url);
const [folder, part = ""] = process.argv.slice(2);
if (!folder) throw new Error("usage: check-nesting.mjs <folder of schemas> [part of a file's name]");
const { PROVIDER_NESTING, schemaOf, temporaryFolder } = loadProgram(`
  export { PROVIDER_NESTING, schemaOf } from "./lib/hcl/bindings";
  export { temporaryFolder } from "./lib/core/temporary-folder";
`).program;
const { App, TerraformStack } = require("cdktf");
const outdir = temporaryFolder("nesting");
process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
const app = new App({ outdir, stackTraces: false });

for (const file of readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name) && name.includes(part))) {
  const bytes = readFileSync(join(folder, file));
  const schema = JSON.parse(file.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  const lib = join(root, "node_modules", "@cdktf", `provider-${basename(schema.source)}`, "lib");
  let [classes, keys, wrong] = [0, 0, 0];
  for (const { name } of readdirSync(lib, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    for (const generated of Object.values(require(join(lib, name)))) {
      const type = generated.tfResourceType;
      const kind = name.startsWith("data-") ? "data_source_schemas" : "resource_schemas";
      const described = type && schema[kind]?.[type];
      if (!described || name === "provider") continue;
      const element = new generated(new TerraformStack(app, `${file}-${classes++}`), "x", {});
      compare(
        type,
        described.block ?? described,
        schemaOf(element, type, schema.source, PROVIDER_NESTING[schema.source]),
      );
    }
  console.log(`${schema.source}: ${classes} classes, ${keys} arguments, ${wrong} wrong`);
  if (wrong > 0) process.exitCode = 1;

  function compare(path, block, grammar) {
    const check = (key, isBlock) => {
      keys++;
      const kind = grammar(key, [{}]);
      if ((typeof kind === "object") === isBlock) return kind;
      wrong++;
      console.log(`${path}.${key} is ${isBlock ? "a block" : "an attribute"}`);
    };
    for (const [key, { optional, required }] of Object.entries(block.attributes ?? {}))
      if (optional || required) check(key, false);
    for (const [key, nested] of Object.entries(block.block_types ?? {})) {
      const kind = check(key, true);
      if (kind) compare(`${path}.${key}`, nested.block, kind.body([]));
    }
  }
}
