import { InvalidInputError, type Problem, quote } from "../input/problems";

/** Whether a chart's `.helmignore` leaves a file or folder out; the path is below the chart's folder, with `/`. */
export type Ignored = (path: string, isFolder: boolean) => boolean;

/**
 * The rules of a `.helmignore`, as Helm reads them: a pattern with a slash is matched with the whole path, one without
 * with the name alone; a slash at the end stands for folders only.
 *
 * @see https://github.com/helm/helm/blob/v3.19.0/internal/ignore/rules.go
 * @param file what to call the text in messages
 * @throws {InvalidInputError} at patterns that are not read here: `!` (which Helm takes for "all but"), `**`, and character
 *   classes
 */
export function parseHelmIgnore(text: string, file: string): Ignored {
  const lines = text.split("\n").map((line) => line.trim());
  const problems = lines.flatMap((pattern, index) => unreadable(pattern, { file, line: index + 1 }));
  if (problems.length > 0) throw new InvalidInputError(problems);
  // Helm's own rule.
  const patterns = ["templates/.?*", ...lines]
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(compile);
  return (path, isFolder) =>
    patterns.some(
      ({ matches, whole, folders }) =>
        (isFolder || !folders) && matches.test(whole ? path : (path.split("/").at(-1) as string)),
    );
}

interface Pattern {
  readonly matches: RegExp;
  /** It is about the path, not the name. */
  readonly whole: boolean;
  readonly folders: boolean;
}

function unreadable(pattern: string, place: Pick<Problem, "file" | "line">): Problem[] {
  if (pattern.startsWith("#") || !/^!|\*\*|[[\]\\]/.test(pattern)) return [];
  const message = `${quote(pattern)} is not read here: use names, paths, * and ?, a pattern a line`;
  return [{ ...place, column: 1, path: [], message }];
}

function compile(line: string): Pattern {
  const pattern = line.replace(/\/$/, "");
  const source = pattern
    .replace(/^\//, "")
    .replace(/[.+^${}()|]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return {
    matches: new RegExp(`^${source}$`, "su"),
    whole: pattern.includes("/"),
    folders: line.endsWith("/"),
  };
}
