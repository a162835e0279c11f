import { join, relative } from "node:path";
import type { Command } from "commander";
import { examples, tell } from "../command-line/output";
import { during } from "../command-line/progress";
import { typedPath } from "../command-line/project";
import { publishFolder, refuseForeignFiles, writeFiles } from "../generated-folder";

/** Registers `plue modules`. */
export function registerModules(program: Command): void {
  const command = program
    .command("modules")
    .description("writes the constructs as Terraform modules, in HCL and in JSON")
    .option("--out <folder>", "where to write HCL; JSON goes beside it (default: cdktf.out/modules)")
    .action(({ out }: { readonly out?: string }) =>
      writeModules(out === undefined ? join(process.cwd(), "cdktf.out", "modules") : typedPath(out)),
    );
  examples(command, {
    "npx plue modules": "into cdktf.out/modules/ and cdktf.out/modules-json/",
    "npx plue modules --out ../terraform/modules": "into a repository of its own",
  });
}

function writeModules(folder: string): void {
  const json = `${folder}-json`;
  const [hclShown, jsonShown] = [folder, json].map((each) => relative(process.cwd(), each) || each);
  // Before the work, and again when it is done.
  for (const each of [folder, json]) refuseForeignFiles(each);
  tell(`Writes the constructs as Terraform modules into ${hclShown}/ and ${jsonShown}/.`);
  const { moduleFiles, moduleJson } = require("./files") as typeof import("./files");
  const files = during("Making the modules", moduleFiles);
  publishFolder(folder, (partial) => writeFiles(partial, files));
  const jsonFiles = Object.entries(during("Making the modules in JSON", moduleJson)).map(([name, config]) => [
    join(name, "main.tf.json"),
    `${JSON.stringify(config, null, 2)}\n`,
  ]);
  publishFolder(json, (partial) => writeFiles(partial, Object.fromEntries(jsonFiles)));
  tell(`Wrote ${jsonFiles.length} modules, in HCL with READMEs and in JSON.`);
}
