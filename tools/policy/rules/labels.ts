import { environmentLabels } from "../../../lib/core/labels";
import { argument } from "../../../lib/core/terraform-json";
import { labelsPath } from "./bindings";
import { at, list, type Rule, resources, rule } from "./rule";

/** Labels that everything has. */
const LABELS = Object.keys(environmentLabels("any"));

export const LABEL_RULES: readonly Rule[] = [
  rule("labels-on-all", {
    title: "What takes labels says whose environment it is, and that Terraform manages it",
    why: "By these labels the bill is split, and whoever finds something in the console knows not to change it by hand.",
    *find(program) {
      for (const block of resources(program, /^google_/)) {
        const path = labelsPath(block.type);
        if (!path) continue;
        const missing = LABELS.filter((label) => argument(block.args, ...path, label) === undefined);
        if (missing.length > 0)
          yield at(block, `${path.join(".")} lacks ${missing.join(" and ")}: pass the stack's labels`);
      }
    },
  }),
];

export const MONITORING_RULES: readonly Rule[] = [
  rule("alerts-reach-somebody", {
    title: "Every alert has a channel, and says what to do",
    why: "An alert that reaches nobody is a graph; one without a page is a riddle at three in the morning.",
    *find(program) {
      for (const block of resources(program, "google_monitoring_alert_policy")) {
        if (list(block.args["notification_channels"]).length === 0)
          yield at(block, "reaches nobody: give it notification_channels");
        if (!argument(block.args, "documentation", "content"))
          yield at(block, "does not say what to do: give it documentation.content, with the runbook");
        if (block.args["enabled"] === false)
          yield at(block, "is off: leave enabled out, or remove the alert");
      }
    },
  }),
];
