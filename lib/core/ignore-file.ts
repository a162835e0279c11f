/** Whether an ignore file leaves a file or folder out; the path is below the file's folder, with `/`. */
export type Ignored = (path: string, isFolder: boolean) => boolean;

/**
 * The rules of a `.helmignore` or `.gcloudignore`, as far as both mean the same: a pattern with a slash is matched with the
 * whole path, one without with the name alone; a slash at the end stands for folders only.
 *
 * @see https://github.com/helm/helm/blob/v3.19.0/internal/ignore/rules.go
 * @see https://cloud.google.com/sdk/gcloud/reference/topic/gcloudignore
 * @throws at a pattern that is not read here: `!` (which Helm takes for "all but"), `**`, and character classes
 */
export function parseIgnoreFile(text: string): Ignored {
  const patterns = text
    .split("\n")
    .map((line) => line.trim())
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

function compile(line: string): Pattern {
  if (/^!|\*\*|[[\]\\]/.test(line))
    throw new Error(`"${line}" is not read here: use names, paths, * and ?, a pattern a line.`);
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
