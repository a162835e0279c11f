import { environmentLabels } from "../../../lib/core/labels";
import { argument } from "../../../lib/core/terraform-json";
import { labelsPath } from "./bindings";
import { at, type Rule, resources, rule } from "./rule";

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
