import type { Command } from "commander";
import type { Engineer } from "../../lib/environments/registry";
import { entryChanges, type FieldPath, setField } from "../../lib/environments/registry-edit";
import { CliError, EXIT } from "../command-line/errors";
import { examples, step, tell } from "../command-line/output";
import { collect } from "./add";
import { checkEntry, find, openRegistry } from "./registry";

/** Registers `plue engineers edit`. */
export function registerEdit(engineers: Command): void {
  const command = engineers
    .command("edit")
    .description("change an entry: what its environment may use, who looks on, what deploys it")
    .argument("<name>")
    .option("--image-tag <tag>", "moving image tag that her release follows")
    .option("--no-image-tag", "follow the tag that is her name again")
    .option("--github <login>", "her GitHub login, with --github-id")
    .option("--github-id <number>", "number of that account: gh api users/<login> --jq .id")
    .option("--no-github", "no push deploys her stack any more")
    .option("--reader <address>", "who else may look into the namespace; repeat for more", collect)
    .option("--remove-reader <address>", "who may no longer; repeat for more", collect)
    .option("--cpu <cores>", "quota: what all pods together may request")
    .option("--memory <amount>", "quota: memory, in Mi or Gi")
    .option("--pods <number>", "quota: pods at once")
    .option("--storage <amount>", "quota: volumes together, in Mi or Gi")
    .option("--no-quota", "the usual quota again, but for what is given beside it")
    .action(edit);
  examples(command, {
    "npx plue engineers edit carol --cpu 8 --memory 24Gi": "more room",
    "npx plue engineers edit carol --image-tag main": "follows what main builds",
    "npx plue engineers edit carol --reader bob@plue.dev": "bob may look on",
  });
}

interface EditOptions {
  readonly imageTag?: string | false;
  readonly github?: string | false;
  readonly githubId?: string;
  readonly reader?: readonly string[];
  readonly removeReader?: readonly string[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly storage?: string;
  readonly quota: boolean;
}

function edit(name: string, options: EditOptions): void {
  const file = openRegistry();
  const engineer = find(file, name);
  const changes = changesOf(engineer, options);
  if (changes.length === 0)
    throw new CliError(`say what to change of ${name}: npx plue engineers edit --help lists it`, EXIT.usage);
  let { text } = file;
  for (const [path, value] of changes) text = setField(text, name, path, value);
  const [changed] = entryChanges(file.text, text);
  if (!changed) {
    tell(`${file.file} says that of ${name} already.`);
    return;
  }
  checkEntry(file, text, `${name} cannot be changed so`);
  tell(`Changing ${name} in ${file.file}:\n  from ${changed.before}\n  to   ${changed.after}`);
  file.replace(text);
  tell(
    [
      "Next:",
      step("npx plue changed --base HEAD", "the stacks that this changes"),
      `  git commit ${file.file} -m "Change ${name}", and open a pull request`,
    ].join("\n"),
  );
}

/** What options say of an entry: fields, and undefined for those that they take away. */
function changesOf(engineer: Engineer, options: EditOptions): (readonly [FieldPath, unknown])[] {
  const { imageTag, github, githubId, quota } = options;
  // The number of the account before would still be valid, and be somebody else's.
  if (github && githubId === undefined)
    throw new CliError(
      `--github ${github} wants --github-id beside it: gh api users/${github} --jq .id tells the number`,
      EXIT.usage,
    );
  if (!github && githubId !== undefined)
    throw new CliError("--github-id wants --github beside it: the login of that account", EXIT.usage);
  const parts = ["cpu", "memory", "pods", "storage"] as const;
  return [
    ...(imageTag === undefined ? [] : [[["imageTag"], imageTag || undefined] as const]),
    ...(github === undefined
      ? []
      : [[["github"], github || undefined] as const, [["githubId"], githubId] as const]),
    ...readersOf(engineer, options),
    ...(quota ? [] : [[["quota"], undefined] as const]),
    ...parts.flatMap((part) => {
      const given = options[part];
      if (given === undefined) return [];
      const value = part === "pods" && /^\d+$/.test(given) ? Number(given) : given;
      return [[["quota", part], value] as const];
    }),
  ];
}

function readersOf(
  { name, readers }: Engineer,
  { reader = [], removeReader = [] }: EditOptions,
): (readonly [FieldPath, unknown])[] {
  if (reader.length + removeReader.length === 0) return [];
  const strangers = removeReader.filter((address) => !readers.includes(address));
  if (strangers.length > 0)
    throw new CliError(
      `${strangers.join(" and ")} does not look into the namespace of ${name}; there are: ${readers.join(", ") || "none"}`,
      EXIT.usage,
    );
  const after = [...new Set([...readers, ...reader])].filter((address) => !removeReader.includes(address));
  return [[["readers"], after.length > 0 ? after : undefined]];
}
