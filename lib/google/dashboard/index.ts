import { createHash } from "node:crypto";
import { MonitoringDashboard } from "@cdktf/provider-google/lib/monitoring-dashboard";
import { Fn, TerraformLocal, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { expression } from "../../core/expression";
import { rejectProps } from "../../core/invalid-props";
import { resolveTemplates } from "../../hcl/literal-text";
import { problems } from "./checks";
import { tiles } from "./layout";
import type { DashboardProps } from "./props";
import { CONTENT_LABEL, written } from "./written";

export type * from "./props";

/**
 * Cloud Monitoring dashboard: rows of charts, service level objectives, text and logs.
 *
 * Its plan shows a change if there is one, and only then. Google answers without whatever is zero, empty or false, so none
 * of that is written; and the provider does not see that something was taken away, so the content's hash is one of the
 * dashboard's labels (`content`), which changes with it. What somebody adds in the console goes with the next apply.
 *
 * Costs nothing. Who applies it needs `roles/monitoring.dashboardEditor`.
 *
 * Source: OctoLLM document, section "Monitoring Module".
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
 * @throws when there is no row, a row is empty or too full, a query or text is empty, or a label is none
 * @example
 * ```ts
 * const dashboard = new Dashboard(stack, "dashboard", {
 *   projectId: "acme-prod",
 *   displayName: "Shop",
 *   rows: [
 *     { widgets: [{ text: "What to do first: [runbooks](https://example.com/runbooks)" }] },
 *     {
 *       widgets: [
 *         {
 *           title: "Requests",
 *           series: [
 *             {
 *               filter: 'resource.type="cloud_run_revision" metric.type="run.googleapis.com/request_count"',
 *               aligner: "ALIGN_RATE",
 *               reducer: "REDUCE_SUM",
 *               groupBy: ["metric.label.response_code_class"],
 *             },
 *           ],
 *         },
 *         {
 *           title: "Replicas that are ready",
 *           series: [{ promql: 'sum(kube_deployment_status_replicas_available{namespace="shop"})' }],
 *           thresholds: [{ value: 2, label: "least" }],
 *         },
 *       ],
 *     },
 *     { widgets: [{ title: "Errors", logs: 'severity>=ERROR resource.type="cloud_run_revision"' }] },
 *   ],
 *   labels: { service: "shop" },
 * });
 * stack.output("dashboard_url", { value: dashboard.url });
 * ```
 */
export class Dashboard extends Construct {
  /** Resource name, `projects/<number>/dashboards/<id>`. */
  readonly id: string;
  /** Where the console shows it. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId, displayName, rows } = props;
    const content = {
      displayName,
      dashboardFilters: (props.filters ?? []).map((labelKey) => ({ filterType: "RESOURCE_LABEL", labelKey })),
      mosaicLayout: { columns: 48, tiles: tiles(rows, projectId) },
      labels: props.labels ?? {},
    };
    // References by the addresses that they have, as tokens are numbered by what else the stack declares.
    const resolved = resolveTemplates(TerraformStack.of(this), written(content));
    const hash = createHash("sha256").update(JSON.stringify(resolved)).digest("hex").slice(0, 12);
    // A local, so that the HCL shows it as what it is and not as one long string.
    const local = new TerraformLocal(
      this,
      "content",
      written({ ...content, labels: { ...content.labels, [CONTENT_LABEL]: hash } }),
    );
    this.id = new MonitoringDashboard(this, "Resource", {
      project: projectId,
      dashboardJson: Fn.jsonencode(local.fqn),
    }).id;
    this.url = `https://console.cloud.google.com/monitoring/dashboards/builder/${expression`element(split("/", ${this.id}), 3)`}?project=${projectId}`;
  }
}
