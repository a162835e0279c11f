import { InvalidInputError, type Problem, quote } from "../input/problems";

/** Whether an ignore file leaves a file or folder out; the path is below the file's folder, with `/`. */
export type Ignored = (path: string, isFolder: boolean) => boolean;

/**
 * The rules of a `.helmignore` or `.gcloudignore`, as far as both mean the same: a pattern with a slash is matched with the
 * whole path, one without with the name alone; a slash at the end stands for folders only.
 *
 * @see https://github.com/helm/helm/blob/v3.19.0/internal/ignore/rules.go
 * @see https://cloud.google.com/sdk/gcloud/reference/topic/gcloudignore
 * @param file what to call the text in messages
 * @param anyway rules besides those of the text
 * @throws {InvalidInputError} at patterns that are not read here: `!` (which Helm takes for "all but"), `**`, and character
 *   classes
 */
export function parseIgnoreFile(text: string, file: string, anyway: readonly string[] = []): Ignored {
  const lines = text.split("\n").map((line) => line.trim());
  const problems = lines.flatMap((line, index) => unreadable(line, { file, line: index + 1 }));
  if (problems.length > 0) throw new InvalidInputError(problems);
  const patterns = [...anyway, ...lines].filter((line) => line !== "" && !line.startsWith("#")).map(compile);
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
