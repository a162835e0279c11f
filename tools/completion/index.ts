import { realpathSync } from "node:fs";
import { Argument, type Command } from "commander";
import { CliError, EXIT } from "../command-line/errors";
import { examples } from "../command-line/output";
import { readProject } from "../command-line/project";
import { type Candidate, candidates, type NamesFor } from "./candidates";
import { completionScript, SHELLS, type Shell } from "./scripts";

/** Registers `plue completion`, and the command that its scripts ask. */
export function registerCompletion(program: Command): void {
  const command = program
    .command("completion")
    .description("prints a script by which a shell completes commands, options, stacks and engineers")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .action((shell: Shell) => {
      const launcher = process.argv[1];
      if (!launcher) throw new CliError("nobody knows where this was started from", EXIT.failed);
      process.stdout.write(completionScript(shell, realpathSync(launcher)));
    });
  examples(command, {
    "npx plue completion bash > ~/.plue-completion": "then in ~/.bashrc: source ~/.plue-completion",
    "npx plue completion zsh > ~/.plue-completion":
      "then in ~/.zshrc, after compinit: source ~/.plue-completion",
    "npx plue completion fish > ~/.config/fish/conf.d/plue.fish": "",
  });
  program
    .command("complete", { hidden: true })
    .helpOption(false)
    .argument("[words...]")
    .action((words: string[]) => {
      const lines = candidates(program, words, known).map(({ word, description }) =>
        [word, ...(description ? [description] : [])].join("\t"),
      );
      if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
    });
}

/** Names of the system's own, where its files can be read. */
const known: NamesFor = (argument, path, before) => {
  try {
    const project = readProject();
    switch (argument) {
      case "stack":
        return project.declared.map(({ stack }) => ({ word: stack }));
      case "environment":
        return words(Object.keys(project.environments));
      case "secret":
        return words(Object.keys(project.secretVersions(before[0] ?? "")));
      case "name": {
        // Whoever is added has no name yet.
        if (path.join(" ") === "engineers add") return [];
        const engineers = project.declared.flatMap(({ owner }) => owner?.engineer ?? []);
        const names = engineers.map(({ name, email }) => ({ word: name, description: email }));
        return path[0] === "engineers" ? names : [...names, ...words(Object.keys(project.environments))];
      }
      default:
        return [];
    }
  } catch {
    // What is wrong with a file is told by the command that is being typed.
    return [];
  }
};

function words(all: readonly string[]): Candidate[] {
  return all.map((word) => ({ word }));
}
