import { Chart } from "../../lib/kubernetes/chart";
import { type PlatformValues, type PlueValues, platformValuesSchema, plueValuesSchema } from "./chart-values";

/** The charts under helm/, read once and shared by all stacks. */
export class Charts {
  readonly plue = new Chart<PlueValues>("helm/plue");
  readonly platform = new Chart<PlatformValues>("helm/platform");

  /** @throws when a values file of a chart has a value that the chart does not take */
  constructor() {
    this.plue.checkValues(plueValuesSchema);
    this.platform.checkValues(platformValuesSchema);
  }

  /** Copies the charts into the output, where the stacks' releases refer to them. */
  stage(outdir: string): void {
    this.plue.stage(outdir);
    this.platform.stage(outdir);
  }
}
