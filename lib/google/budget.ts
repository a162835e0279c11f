import { BillingBudget } from "@cdktf/provider-google/lib/billing-budget";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import type { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { Construct } from "constructs";
import { type PropProblem, rejectProps, wholeNumber } from "../core/invalid-props";
import type { PubSubTopic } from "./pubsub";

/** Google's own account that publishes what budgets have to say. */
export const BUDGET_PUBLISHER = "serviceAccount:billing-budget-alert@system.gserviceaccount.com";

/** Threshold rule: when to write. */
export interface BudgetThreshold {
  /** Share of the amount, 0.9 for 90 %. */
  readonly share: number;
  /** What is compared; FORECASTED_SPEND is what the month will have cost at its end. @default "CURRENT_SPEND" */
  readonly basis?: "CURRENT_SPEND" | "FORECASTED_SPEND";
}

export interface BudgetProps {
  /** Provider with a quota project ({@link billingProvider}): without one the API refuses a person's own credentials. */
  readonly provider: GoogleProvider;
  /** Id of the project whose costs count, after credits. */
  readonly projectId: string;
  /** Id of the billing account: `012345-567890-ABCDEF`. Changing it recreates the budget. */
  readonly billingAccount: string;
  /** Name in the console and in e-mails. */
  readonly displayName: string;
  /** Amount of a calendar month, in whole units of the currency. */
  readonly amount: number;
  /** Currency by ISO 4217; Google refuses another than the billing account's. @default that, not sent */
  readonly currency?: string;
  /** Threshold rules, each of which writes once a month. @default half and 90 % spent, and all of it forecast */
  readonly thresholds?: readonly BudgetThreshold[];
  /** E-mail channels by resource name (`Monitoring.emailChannelIds`), five at most; other types are refused. @default none */
  readonly channels?: readonly string[];
  /**
   * Topic for programs, which gets what was spent several times a day, thresholds or not. Billing may publish there from
   * then on.
   * @default none
   */
  readonly topic?: Pick<PubSubTopic, "topicId" | "addPublisher">;
  /** Do not write to the billing account's administrators as well. Needs `channels`: for Google a topic tells nobody. @default false */
  readonly disableDefaultRecipients?: boolean;
}

const DEFAULT_THRESHOLDS: readonly BudgetThreshold[] = [
  { share: 0.5 },
  { share: 0.9 },
  { share: 1, basis: "FORECASTED_SPEND" },
];
const MAX_CHANNELS = 5;

/**
 * Cloud Billing budget of one project by calendar month: it writes when a threshold is passed, and stops nothing. Free.
 *
 * Whoever applies it needs roles/billing.costsManager on the billing account, and serviceusage.services.use on the project;
 * with a topic pubsub.topics.setIamPolicy on that too.
 *
 * Source: Copy-That document, section "Budget Alerts"; OctoLLM document, section "Cost Monitoring".
 * @see https://cloud.google.com/billing/docs/how-to/budgets
 * @throws when the amount or a threshold is not positive, there are no thresholds or too many channels, or nobody
 *   would be told
 * @example
 * ```ts
 * new Budget(stack, "budget", {
 *   provider: billingProvider(stack, { projectId: "acme-prod", region: "us-central1" }),
 *   projectId: "acme-prod",
 *   billingAccount: "012345-567890-ABCDEF",
 *   displayName: "acme-prod",
 *   amount: 800,
 *   thresholds: [{ share: 0.8 }, { share: 1, basis: "FORECASTED_SPEND" }],
 * });
 * ```
 */
export class Budget extends Construct {
  /** Resource name, `billingAccounts/…/budgets/…`. */
  readonly budgetId: string;

  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { channels = [], topic, thresholds = DEFAULT_THRESHOLDS } = props;

    // The API answers with the project's number; the id would be a difference in every plan.
    const project = new DataGoogleProject(this, "project", { projectId: props.projectId });
    const mayPublish = topic?.addPublisher("budget", BUDGET_PUBLISHER);
    const budget = new BillingBudget(this, "Resource", {
      provider: props.provider,
      billingAccount: props.billingAccount,
      displayName: props.displayName,
      budgetFilter: {
        projects: [`projects/${project.number}`],
        calendarPeriod: "MONTH",
        creditTypesTreatment: "INCLUDE_ALL_CREDITS",
      },
      amount: { specifiedAmount: { currencyCode: props.currency, units: String(props.amount) } },
      thresholdRules: thresholds.map(({ share, basis = "CURRENT_SPEND" }) => ({
        thresholdPercent: share,
        spendBasis: basis,
      })),
      allUpdatesRule:
        channels.length > 0 || topic
          ? {
              monitoringNotificationChannels: [...channels],
              pubsubTopic: topic?.topicId,
              schemaVersion: "1.0",
              disableDefaultIamRecipients: props.disableDefaultRecipients ?? false,
            }
          : undefined,
      dependsOn: mayPublish && [mayPublish],
    });
    this.budgetId = budget.id;
  }
}

function problems(props: BudgetProps): PropProblem[] {
  const {
    amount,
    billingAccount,
    thresholds = DEFAULT_THRESHOLDS,
    channels = [],
    disableDefaultRecipients,
  } = props;
  const found: PropProblem[] = [];
  if (!/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/.test(billingAccount))
    found.push({
      prop: ["billingAccount"],
      problem: `is "${billingAccount}"`,
      instead: 'give one such as "012345-567890-ABCDEF"',
    });
  found.push(...wholeNumber(["amount"], amount, { from: 1 }));
  if (thresholds.length === 0)
    found.push({
      prop: ["thresholds"],
      problem: "is empty, so nobody would be told",
      instead: "name one at least",
    });
  for (const [index, { share }] of thresholds.entries())
    if (!(share > 0))
      found.push({
        prop: ["thresholds", index, "share"],
        problem: `is ${share}`,
        instead: "give a share above 0, such as 0.9",
      });
  if (channels.length > MAX_CHANNELS)
    found.push({
      prop: ["channels"],
      problem: `has ${channels.length} entries, of which a budget takes ${MAX_CHANNELS}`,
      instead: "leave some out",
    });
  // https://github.com/hashicorp/terraform-provider-google/issues/17808
  if (disableDefaultRecipients && channels.length === 0)
    found.push({
      prop: ["disableDefaultRecipients"],
      problem: "is on, so nobody would be told",
      instead: "give channels; a topic alone does not count",
    });
  return found;
}
