import type { Command, Option } from "commander";

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  readonly description?: string;
}

/**
 * Names for an argument that are known at the time.
 * @param argument what the command calls it: `stack`
 * @param path of the command: `["secrets", "set"]`
 * @param before arguments that come before it
 */
export type NamesFor = (
  argument: string,
  path: readonly string[],
  before: readonly string[],
) => readonly Candidate[];

/**
 * What may follow, by the definition of the commands.
 *
 * @param typed the words after `plue`, the one at the cursor last; it may be empty
 * @returns nothing where a file or any word may stand
 */
export function candidates(program: Command, typed: readonly string[], namesFor: NamesFor): Candidate[] {
  let command = program;
  const path: string[] = [];
  const before: string[] = [];
  let open: Option | undefined;
  for (const word of typed.slice(0, -1)) {
    if (word.startsWith("-")) {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      open = option?.required || option?.optional ? option : undefined;
    } else if (open) open = open.variadic ? open : undefined;
    else {
      const child = before.length === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      if (child) {
        command = child;
        path.push(word);
      } else before.push(word);
    }
  }
  const current = typed.at(-1) ?? "";
  return following(command, current, open, () => {
    const { registeredArguments: known } = command;
    const argument = known[before.length] ?? known.find(({ variadic }) => variadic);
    if (!argument) return [];
    return argument.argChoices?.map((word) => ({ word })) ?? namesFor(argument.name(), path, before);
  }).filter(({ word }) => word.startsWith(current));
}

function following(
  command: Command,
  current: string,
  open: Option | undefined,
  names: () => readonly Candidate[],
): readonly Candidate[] {
  if (current.startsWith("-"))
    return command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long, description }) => (long ? [{ word: long, description }] : []));
  if (open) return open.argChoices?.map((word) => ({ word })) ?? [];
  if (command.commands.length === 0) return names();
  return command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ word: child.name(), description: child.description() }));
}
