import { join, relative } from "node:path";
import type { Command } from "commander";
import { examples, tell } from "../command-line/output";
import { during } from "../command-line/progress";
import { readProject, typedPath } from "../command-line/project";
import { publishFolder, refuseForeignFiles } from "../generated-folder";

/** Registers `plue eject`. */
export function registerEject(program: Command): void {
  const command = program
    .command("eject")
    .description("writes the stacks as a plain Terraform repository, which carries on with their state")
    .option("--out <folder>", "where to write it", "ejected")
    .action(({ out }: { readonly out: string }) => eject(typedPath(out)));
  examples(command, {
    "npx plue eject": "into ejected/; docs/leaving.md says what to do with it",
    "npx plue eject --out ../infrastructure": "beside this checkout; then git init there",
  });
}

function eject(folder: string): void {
  const shown = relative(process.cwd(), folder) || folder;
  const project = readProject();
  // Before the work, and again when it is done.
  refuseForeignFiles(folder);
  const { ejectedRepository } = require("./repository") as typeof import("./repository");
  tell(`Writes the stacks as Terraform into ${shown}/. No state is read or changed.`);
  const { environments, modules, write } = during("Making the repository", () => ejectedRepository(project));
  publishFolder(folder, write);
  tell(
    `Wrote ${environments.length} environments and ${modules.length} modules. Next: ${join(shown, "README.md")}, and docs/leaving.md.`,
  );
}
