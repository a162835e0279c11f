import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cleanLine } from "../command-line/foreign-text";
import { warn } from "../command-line/output";

/** Somebody whom a commit removed from the registry, or set to offboarding there, and who is in it as before. */
export interface Returned {
  readonly name: string;
  /** What the commit did. */
  readonly was: "removed" | "offboarding";
  /** Abbreviated. */
  readonly commit: string;
  /** `2026-11-28` */
  readonly date: string;
  readonly subject: string;
}

/** Whom a registry lists, and as what. */
export type Listed = ReadonlyMap<string, string>;

/**
 * Who is in the registry again: not there, or offboarding, in what it is compared with, and taken out by a commit that this
 * history holds. A merge that is settled the wrong way looks like this, and so does somebody who comes back.
 *
 * @param file the registry, as seen from the working directory
 * @param before whom the registry listed in what it is compared with
 */
export function findReturned(file: string, before: Listed): Returned[] {
  const now = listed(readFileSync(file, "utf8"));
  const candidates = [...(now ?? [])].filter(
    ([name, state]) => !before.has(name) || (state === "active" && before.get(name) === "offboarding"),
  );
  if (candidates.length === 0 || !git(["rev-parse", "HEAD"])) return [];
  if (git(["rev-parse", "--is-shallow-repository"])?.trim() !== "false") {
    const names = candidates.map(([name]) => name).join(", ");
    warn(
      file,
      `Whether ${names} had been removed is not known: this clone is shallow (git fetch --unshallow).`,
    );
    return [];
  }
  const history = historyOf(file);
  return candidates.flatMap(([name]) => history.flatMap((version) => takenOut(name, version)).slice(0, 1));
}

/** Whom the text of a registry lists; undefined where it is none. Not strict: what was right once may not be by now. */
export function listed(text: string): Listed | undefined {
  try {
    const { engineers } = JSON.parse(text) as { engineers: { name: string; state?: string }[] };
    return new Map(engineers.map(({ name, state = "active" }) => [name, state]));
  } catch {
    return undefined;
  }
}

/** The text of a file in a commit; undefined where it is not there. */
export function fileAt(commit: string, file: string): string | undefined {
  return git(["show", "--end-of-options", `${commit}:./${file}`]);
}

interface Version {
  readonly commit: string;
  readonly date: string;
  readonly subject: string;
  readonly now: Listed | undefined;
  readonly parents: readonly (Listed | undefined)[];
}

/** What a commit itself did: a merge in which one parent did it already did not. */
function takenOut(name: string, { commit, date, subject, now, parents }: Version): Returned[] {
  if (!now || parents.length === 0) return [];
  const states = parents.map((parent) => parent?.get(name));
  const told = { name, commit: commit.slice(0, 10), date, subject: cleanLine(subject, 100) };
  if (!now.has(name) && states.every((state) => state !== undefined)) return [{ ...told, was: "removed" }];
  if (now.get(name) === "offboarding" && states.every((state) => state === "active"))
    return [{ ...told, was: "offboarding" }];
  return [];
}

/** Every commit that changed the file, the newest first: of HEAD, and of what is being merged into it. */
function historyOf(file: string): Version[] {
  const tips = [
    "HEAD",
    ...(git(["rev-parse", "--verify", "--quiet", "MERGE_HEAD"])?.trim().split("\n") ?? []),
  ];
  const format = "--format=%H%x00%P%x00%ad%x00%s";
  // Without --full-history git leaves out a side branch whose change a merge undid, which is what this is about.
  const log = git(["log", "--full-history", "--date=short", format, ...tips, "--", file]) ?? "";
  const commits = log.split("\n").flatMap((line) => {
    const [commit, parents = "", date = "", subject = ""] = line.split("\0");
    return commit ? [{ commit, parents: parents.split(" ").filter(Boolean), date, subject }] : [];
  });
  const versions = textsOf(file, [
    ...new Set(commits.flatMap(({ commit, parents }) => [commit, ...parents])),
  ]);
  return commits.map(({ parents, ...commit }) => ({
    ...commit,
    now: versions.get(commit.commit),
    parents: parents.map((parent) => versions.get(parent)),
  }));
}

/** Whom the file lists in each of many commits, by one process. */
function textsOf(file: string, commits: readonly string[]): Map<string, Listed | undefined> {
  const input = commits.map((commit) => `${commit}:./${file}\n`).join("");
  const { stdout } = spawnSync("git", ["cat-file", "--batch"], { input, maxBuffer: 2 ** 30 });
  let at = 0;
  return new Map(
    commits.map((commit) => {
      const end = stdout.indexOf("\n", at);
      const size = /^\w+ blob (\d+)$/.exec(stdout.toString("utf8", at, end))?.[1];
      const from = end + 1;
      at = size === undefined ? from : from + Number(size) + 1;
      return [commit, size === undefined ? undefined : listed(stdout.toString("utf8", from, at - 1))];
    }),
  );
}

/** Output of a git command; undefined where it fails. */
function git(args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  return status === 0 ? stdout : undefined;
}
