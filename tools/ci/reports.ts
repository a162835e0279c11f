import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { typedPath } from "../command-line/project";
import { CiError } from "./error";
import { type PlanReport, parseReport } from "./planned-actions";

/**
 * The plans that `plue ci plan --out` left in a folder, in the order of the matrix that made them. A stack of the matrix
 * whose job ended before it had written anything is there as failed.
 *
 * @param matrix what `plue changed --matrix` or `plue ci stacks --matrix` printed
 * @throws {CiError} when a file is no report, or the matrix is none
 */
export function readReports(folder: string, matrix: string): PlanReport[] {
  return stacksOf(matrix).map((stack) => {
    const file = join(typedPath(folder), `${stack}.json`);
    if (!existsSync(file))
      return {
        stack,
        outcome: "failed",
        actions: [],
        text: "The job ended before there was a plan: see its log.",
      };
    const report = parseReport(readFileSync(file, "utf8"));
    if (report?.stack !== stack) throw new CiError(`${file} is not what plue ci plan --out writes`);
    return report;
  });
}

/** Code of a pull request made it, and a name becomes part of a path. */
const matrixSchema = z.object({
  include: z.array(z.object({ stack: z.string().regex(/^[a-z][a-z0-9-]*$/) })),
});

function stacksOf(matrix: string): string[] {
  try {
    return matrixSchema.parse(JSON.parse(matrix)).include.map(({ stack }) => stack);
  } catch {
    throw new CiError(
      '--matrix takes what plue changed --matrix prints: {"include":[{"stack":"production"}]}',
    );
  }
}
