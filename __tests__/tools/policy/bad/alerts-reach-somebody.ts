import {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyConfig,
} from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { BadStacks } from "../../../support/bad-stacks";

const alert =
  (props: Partial<MonitoringAlertPolicyConfig>): BadStacks[string] =>
  ({ stack, labels: userLabels }) =>
    void new MonitoringAlertPolicy(stack, "alert", {
      displayName: "Errors",
      combiner: "OR",
      conditions: [{ displayName: "errors" }],
      notificationChannels: ["projects/p/notificationChannels/1"],
      documentation: { content: "docs/runbooks/errors.md" },
      userLabels,
      ...props,
    });

export default {
  "an alert that reaches nobody": alert({ notificationChannels: [] }),
  "an alert that says nothing": alert({ documentation: undefined }),
  "an alert that is off": alert({ enabled: false }),
} satisfies BadStacks;
