import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { Budget, type BudgetProps } from "../../../lib/google/budget";
import { billingProvider } from "../../../lib/google/providers";
import { PubSubTopic } from "../../../lib/google/pubsub";
import { synthesize } from "../../support/synth";

function budget(props: Partial<BudgetProps> = {}) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const made = new Budget(stack, "budget", {
      provider: billingProvider(stack, { projectId: "project", region: "us-central1" }),
      projectId: "project",
      billingAccount: "012345-567890-ABCDEF",
      displayName: "Project",
      amount: 500,
      ...props,
    });
    stack.output("budget_id", { value: made.budgetId });
  });
}

describe("Budget", () => {
  test("counts one project by its number, as the API answers, and warns of the forecast", () => {
    const stack = budget();
    expect(stack.data("google_project", "budget_project")).toEqual({ project_id: "project" });
    expect(stack.json.provider.google).toContainEqual({
      alias: "billing",
      project: "project",
      region: "us-central1",
      user_project_override: true,
      billing_project: "project",
    });
    expect(stack.resource("google_billing_budget", "budget")).toMatchObject({
      provider: "google.billing",
      budget_filter: { projects: ["projects/${data.google_project.budget_project.number}"] },
      threshold_rules: [
        { threshold_percent: 0.5, spend_basis: "CURRENT_SPEND" },
        { threshold_percent: 0.9, spend_basis: "CURRENT_SPEND" },
        { threshold_percent: 1, spend_basis: "FORECASTED_SPEND" },
      ],
    });
    // Without a currency, the billing account's own.
    expect(stack.resource("google_billing_budget", "budget")["amount"]).toEqual({
      specified_amount: { units: "500" },
    });
    expect(stack.outputs["budget_id"]).toEqual({ value: "${google_billing_budget.budget.id}" });
  });

  test("thresholds, currency and recipients are as given", () => {
    const stack = budget({
      currency: "EUR",
      thresholds: [{ share: 0.8 }, { share: 1.2, basis: "FORECASTED_SPEND" }],
      channels: ["projects/project/notificationChannels/1"],
      disableDefaultRecipients: true,
    });
    expect(stack.resource("google_billing_budget", "budget")).toMatchObject({
      amount: { specified_amount: { currency_code: "EUR" } },
      threshold_rules: [
        { threshold_percent: 0.8, spend_basis: "CURRENT_SPEND" },
        { threshold_percent: 1.2, spend_basis: "FORECASTED_SPEND" },
      ],
      all_updates_rule: {
        monitoring_notification_channels: ["projects/project/notificationChannels/1"],
        schema_version: "1.0",
        disable_default_iam_recipients: true,
      },
    });
  });

  test("writes to a topic, once billing may publish there", () => {
    const stack = synthesize((scope) => {
      new GoogleProvider(scope, "google");
      const topic = new PubSubTopic(scope, "costs", { projectId: "project", name: "budget_alerts" });
      const provider = billingProvider(scope, { projectId: "project", region: "us-central1" });
      for (const id of ["budget", "other"])
        new Budget(scope, id, {
          provider,
          projectId: "project",
          billingAccount: "012345-567890-ABCDEF",
          displayName: id,
          amount: 500,
          topic,
        });
    });
    expect(stack.resource("google_billing_budget", "budget")).toMatchObject({
      all_updates_rule: {
        pubsub_topic: "${google_pubsub_topic.costs.id}",
        disable_default_iam_recipients: false,
      },
      depends_on: ["google_pubsub_topic_iam_member.costs_budget"],
    });
    // Two budgets on one topic share the grant.
    expect(stack.resources("google_pubsub_topic_iam_member")).toEqual({
      costs_budget: expect.objectContaining({
        role: "roles/pubsub.publisher",
        member: "serviceAccount:billing-budget-alert@system.gserviceaccount.com",
      }),
    });
    expect(stack.resource("google_billing_budget", "other").depends_on).toEqual([
      "google_pubsub_topic_iam_member.costs_budget",
    ]);
  });

  test("billing administrators are told as well, unless the props say otherwise", () => {
    const stack = budget({ channels: ["projects/project/notificationChannels/1"] });
    expect(stack.resource("google_billing_budget", "budget")["all_updates_rule"]).toMatchObject({
      disable_default_iam_recipients: false,
    });
  });
});
