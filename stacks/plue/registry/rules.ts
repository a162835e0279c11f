import { oddCharacter } from "../../../lib/input/characters";
import { plain } from "../../../lib/input/fields";
import { type Path, quote } from "../../../lib/input/problems";
import { type Finding, listAt, textAt } from "../../../lib/input/source-document";
import { canonicalName } from "./engineer-names";

interface Entry {
  readonly index: number;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly github: string | undefined;
  readonly githubId: string | undefined;
  readonly readers: readonly unknown[];
}

/** What entries mean for each other: nobody twice, by whatever spelling. */
export function registryRules(value: unknown): Finding[] {
  const entries = entriesOf(value);
  return [
    ...repeated(entries, "name", "name", canonicalName, "call one of them something else"),
    ...repeated(
      entries,
      "email",
      "e-mail address",
      plain,
      "one account has one environment, so remove an entry",
    ),
    ...repeated(entries, "github", "GitHub login", plain, "one account pushes for one environment"),
    ...repeated(entries, "githubId", "GitHub account", plain, "one account pushes for one environment"),
    ...entries.flatMap(halfAnAccount),
    ...entries.flatMap(readersTwice),
  ];
}

function repeated(
  entries: readonly Entry[],
  key: "name" | "email" | "github" | "githubId",
  what: string,
  canonical: (text: string) => string | undefined,
  advice: string,
): Finding[] {
  const groups = new Map<string, Owner[]>();
  for (const { index, [key]: text } of entries) {
    const meaning = text && (canonical(text) ?? text);
    if (meaning) groups.set(meaning, [...(groups.get(meaning) ?? []), { index, text }]);
  }
  return [...groups].flatMap(([meaning, group]) => {
    // The one that is spelled right keeps it, or else the first.
    const owner = group.find(({ text }) => text === meaning) ?? (group[0] as Owner);
    const others = group.filter((entry) => entry !== owner);
    return others.map(({ index, text }) => ({
      path: ["engineers", index, key],
      message: `${quote(text)} ${likeness(text, owner, what)}: ${advice}`,
    }));
  });
}

interface Owner {
  readonly index: number;
  readonly text: string;
}

function likeness(text: string, owner: Owner, what: string): string {
  const where = `engineers[${owner.index}]`;
  if (text === owner.text) return `is the ${what} of ${where} too`;
  const odd = oddCharacter(text);
  return `stands for the same ${what} as ${quote(owner.text)} of ${where}${odd ? `; ${odd}` : ""}`;
}

/** The login is for people, the number for Google: one without the other is a mistake. */
function halfAnAccount({ index, github, githubId }: Entry): Finding[] {
  if ((github === undefined) === (githubId === undefined)) return [];
  // What is no login is told as that.
  if (github !== undefined && !/^[\w-]+$/.test(github)) return [];
  const message =
    github === undefined
      ? `githubId ${quote(githubId)} has no "github" beside it: add the login of that account`
      : `github ${quote(github)} has no "githubId" beside it: add the number that gh api users/${github} --jq .id tells`;
  return [{ path: ["engineers", index], message }];
}

function readersTwice({ index, email, readers }: Entry): Finding[] {
  return readers.flatMap((reader, at): Finding[] => {
    if (typeof reader !== "string") return [];
    const path: Path = ["engineers", index, "readers", at];
    if (reader === email)
      return [{ path, message: `${quote(reader)} owns this environment: remove it here` }];
    if (readers.indexOf(reader) < at)
      return [{ path, message: `${quote(reader)} is listed already: remove it here` }];
    return [];
  });
}

/** The parts of an unchecked value that look like entries. */
function entriesOf(value: unknown): Entry[] {
  return listAt(value, ["engineers"]).map((entry, index) => ({
    index,
    name: textAt(entry, ["name"]),
    email: textAt(entry, ["email"]),
    github: textAt(entry, ["github"]),
    githubId: textAt(entry, ["githubId"]),
    readers: listAt(entry, ["readers"]),
  }));
}
