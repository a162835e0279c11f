import { InvalidInputError, type Problem } from "../../lib/input/problems";
import { Chart } from "../../lib/kubernetes/chart";
import { type PlatformValues, type PlueValues, platformValuesSchema, plueValuesSchema } from "./chart-values";

/** The charts under helm/, read once and shared by all stacks. */
export class Charts {
  readonly plue = new Chart<PlueValues>("helm/plue");
  readonly platform = new Chart<PlatformValues>("helm/platform");

  /** @throws {InvalidInputError} with every value of any values file that its chart does not take */
  constructor() {
    const problems: Problem[] = [];
    const checks = [
      () => this.plue.checkValues(plueValuesSchema),
      () => this.platform.checkValues(platformValuesSchema),
    ];
    for (const check of checks) {
      try {
        check();
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        problems.push(...error.problems);
      }
    }
    if (problems.length > 0) throw new InvalidInputError(problems);
  }

  /** Copies the charts into the output, where the stacks' releases refer to them. */
  stage(outdir: string): void {
    this.plue.stage(outdir);
    this.platform.stage(outdir);
  }
}
