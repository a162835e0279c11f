import { ANSWER_RULES } from "./answers";
import { BUILD_RULES } from "./builds";
import { CLOUD_RUN_RULES } from "./cloud-run";
import { CLUSTER_RULES } from "./cluster";
import { IAM_RULES } from "./iam";
import { KUBERNETES_RULES } from "./kubernetes";
import { LABEL_RULES, MONITORING_RULES } from "./labels";
import { NETWORK_RULES } from "./network";
import { PROTECTION_RULES } from "./protection";
import type { Finding, Program, Rule } from "./rule";
import { SECRET_RULES } from "./secrets";
import { TERRAFORM_RULES } from "./terraform";

export type { Finding, Program, Rule } from "./rule";

/** The program's own policies: properties of its stacks that no scanner knows, or that must not depend on one. */
export const RULES: readonly Rule[] = [
  ...IAM_RULES,
  ...SECRET_RULES,
  ...NETWORK_RULES,
  ...BUILD_RULES,
  ...CLOUD_RUN_RULES,
  ...CLUSTER_RULES,
  ...KUBERNETES_RULES,
  ...PROTECTION_RULES,
  ...LABEL_RULES,
  ...MONITORING_RULES,
  ...TERRAFORM_RULES,
  ...ANSWER_RULES,
];

/** What the rules find in the program, rule by rule. */
export function checkRules(program: Program, rules: readonly Rule[] = RULES): Finding[] {
  return rules.flatMap((rule) => rule.check(program));
}
