import { join } from "node:path";
import { Chart } from "../../lib/kubernetes/chart";
import type { PgBouncerValues } from "../../lib/kubernetes/pgbouncer";
import { type ApplicationBaseValues, chartValuesSchema } from "./application-base";

/** The charts that the clusters' stacks release, read once. */
export class Charts {
  readonly applicationBase: Chart<ApplicationBaseValues>;
  readonly pgbouncer: Chart<PgBouncerValues>;

  /**
   * @param directory of this system
   * @throws {InvalidInputError} with every value of the values file that the chart does not take
   */
  constructor(directory: string) {
    this.applicationBase = new Chart(join(directory, "helm/application-base"));
    this.pgbouncer = new Chart(join(directory, "../../helm/pgbouncer"));
    this.applicationBase.checkValues(chartValuesSchema);
  }

  /** Copies the charts into the output, where the stacks' releases refer to them. */
  stage(outdir: string): void {
    this.applicationBase.stage(outdir);
    this.pgbouncer.stage(outdir);
  }
}
