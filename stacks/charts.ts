import { Chart } from "../lib/chart";
import type { PlatformValues, PlueValues } from "../lib/chart-values";

/** The charts under helm/, read once and shared by all stacks. */
export class Charts {
  readonly plue = new Chart<PlueValues>("helm/plue");
  readonly platform = new Chart<PlatformValues>("helm/platform");

  /** Copies the charts into the output, where the stacks' releases refer to them. */
  stage(outdir: string): void {
    this.plue.stage(outdir);
    this.platform.stage(outdir);
  }
}
