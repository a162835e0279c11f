import { resolve } from "node:path";
import ts from "typescript-stock";

/** Where the value seems to be. Nothing is written there. */
const FILE = resolve("a-build.ts");

/**
 * What Google's own types of Cloud Build's API say against a build: fields that it does not have, values of another type.
 * @param build arguments of `google_cloudbuild_trigger`'s block `build`, as Terraform writes them
 */
export function problemsOfBuild(build: unknown): string[] {
  const text = `import type { cloudbuild_v1 } from "@googleapis/cloudbuild";
export const build: cloudbuild_v1.Schema$Build = ${JSON.stringify(asTheApi(build))};
`;
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === FILE || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === FILE
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022)
      : getSourceFile.call(host, path, ...rest);
  const program = ts.createProgram([FILE], options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(FILE))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

/** Terraform calls a list of blocks by one of them, and writes names with underscores. */
const LISTS: Readonly<Record<string, string>> = { step: "steps" };
function asTheApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTheApi);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      LISTS[name] ?? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      asTheApi(each),
    ]),
  );
}
