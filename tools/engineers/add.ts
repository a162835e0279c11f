import type { Command } from "commander";
import type { RegistryFile } from "../../lib/environments/registry";
import { addEntry, type NewEntry } from "../../lib/environments/registry-edit";
import { CliError, EXIT } from "../command-line/errors";
import { examples, step, tell } from "../command-line/output";
import { checkEntry, namesOf, openRegistry, tellShortage } from "./registry";

/** Registers `plue engineers add`. */
export function registerAdd(engineers: Command): void {
  const command = engineers
    .command("add")
    .description("give somebody an environment")
    .argument("<name>", "what her stack, namespace and host are called")
    .requiredOption("--email <address>", "her Google account")
    .option("--github <login>", "her GitHub login: its pushes to the branch staging/<name> deploy her stack")
    .option("--github-id <number>", "number of that account: gh api users/<login> --jq .id")
    .option("--image-tag <tag>", "moving image tag that her release follows (default: the name)")
    .option("--reader <address>", "who else may look into the namespace; repeat for more", collect)
    .action((name: string, options: AddOptions) => add(name, options));
  examples(command, {
    "npx plue engineers add carol --email carol@plue.dev": "",
    "npx plue engineers add carol --email carol@plue.dev --image-tag main": "follows what main builds",
  });
}

interface AddOptions {
  readonly email: string;
  readonly github?: string;
  readonly githubId?: string;
  readonly imageTag?: string;
  readonly reader?: readonly string[];
}

function add(name: string, { email, github, githubId, imageTag, reader: readers }: AddOptions): void {
  const file = openRegistry();
  refuseTwice(file, name, email);
  const entry: NewEntry = { name, email, github, githubId, imageTag, readers };
  const text = addEntry(file.text, entry);
  checkEntry(file, text, `${name} cannot be added`);
  const names = namesOf(name);
  tell(`Adding ${name} to ${file.file}: the stack ${names.stack}, and her rights in staging-access.`);
  file.replace(text);
  tellShortage(file.file);
  tell(
    [
      "Next:",
      `  git commit ${file.file} -m "Add ${name}", and open a pull request`,
      step("npx plue deploy staging-access", "platform team, once it is merged"),
      step(
        "gcloud auth login --update-adc",
        `${name}; as herself: her stack acts as ${names.deployerEmail} by itself`,
      ),
      step(`npx plue deploy ${names.stack}`, name),
    ].join("\n"),
  );
}

function refuseTwice({ file, registry: { engineers } }: RegistryFile, name: string, email: string): void {
  const complain = (message: string) => {
    throw new CliError(`${name} cannot be added: ${message}`, EXIT.input);
  };
  if (engineers.some((other) => other.name === name))
    complain(`${file} has that name already (npx plue engineers show ${name})`);
  const owner = engineers.find((other) => other.email === email);
  if (owner) complain(`${email} is the account of ${owner.name}, and one account has one environment`);
}

/** Takes an option again and again. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
