// npm run bundle -- FILE: the command line of jobs that may ask for an identity, as one file that needs no packages beside
// it. Nothing of them is run here: esbuild reads them.
import "./requirements.mjs";
import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import { root } from "./strip-types.mjs";

const [outfile] = process.argv.slice(2);
if (!outfile) {
  console.error("Where to? npm run bundle -- FILE");
  process.exit(2);
}
const { buildSync } = createRequire(import.meta.url)("esbuild");
const { metafile } = buildSync({
  stdin: {
    contents: `
      import { runStep } from "./tools/ci/runner";
      void runStep(process.argv.slice(2)).then((code) => { process.exitCode = code; });
    `,
    resolveDir: root,
    loader: "ts",
  },
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  // The builds of packages for bundlers: others load parts of themselves by names that esbuild cannot read.
  mainFields: ["module", "main"],
  banner: { js: "#!/usr/bin/env node" },
  metafile: true,
  logLevel: "warning",
});
chmodSync(outfile, 0o755);
const packages = Object.keys(metafile.inputs).flatMap(
  (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
);
console.log([...new Set(packages)].sort().join("\n"));
