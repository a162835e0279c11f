import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a command is on the PATH, where the setup of the run has put what `npm run tools` brings. */
export function isHere(command: string): boolean {
  // Debian has servers where only root's PATH leads.
  return [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"].some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** `test`, which without one of these commands is skipped. */
export const testWith = (...commands: readonly string[]): jest.It => testUnless(commands.filter(isNotHere));

/** `describe`, which without one of these commands is skipped. */
export const describeWith = (...commands: readonly string[]): jest.Describe =>
  describeUnless(commands.filter(isNotHere));

/** `test`, which is skipped where something is missing. That stands in its name, for the summary at the end of the run. */
export function testUnless(missing: readonly string[]): jest.It {
  return missing.length > 0 ? named(test.skip, missing) : test;
}

/** `describe`, as `testUnless`: what is in it is declared all the same. */
export function describeUnless(missing: readonly string[]): jest.Describe {
  return missing.length > 0 ? named(describe.skip, missing) : describe;
}

/** `describe` of what cannot even be declared without a command. */
export function describeOnlyWith(command: string, name: string, declare: () => void): void {
  describeOnlyUnless([command].filter(isNotHere), name, declare);
}

/** As `describeOnlyWith`, where something is missing. */
export function describeOnlyUnless(missing: readonly string[], name: string, declare: () => void): void {
  if (missing.length === 0) describe(name, declare);
  else testUnless(missing)(name, () => {});
}

const isNotHere = (command: string) => !isHere(command);

/** What jest declares, under names that say what it needs. */
function named<T extends jest.It | jest.Describe>(declare: T, missing: readonly string[]): T {
  type Declare = (name: string, ...rest: unknown[]) => void;
  const by =
    (each: Declare): Declare =>
    (name, ...rest) =>
      each(`${name} [needs ${missing.join(", ")}]`, ...rest);
  const each = (table: readonly unknown[]) => by(declare.each(table) as Declare);
  return Object.assign(by(declare as unknown as Declare), { each }) as unknown as T;
}
