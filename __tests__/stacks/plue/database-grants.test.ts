import { DATABASE_GRANTS } from "../../../stacks/plue/names";
import { synthesizeStack } from "../../support/program";

describe.each(["staging-base", "production"])("the job that keeps the databases' rights, of %s", (name) => {
  const stack = synthesizeStack(name);

  test("alone reads the administrator's password, and that one secret alone", () => {
    const readers = Object.values(stack.resources("google_secret_manager_secret_iam_member"));
    const member = "${google_service_account.database_grants.member}";
    const secret_id = "${google_secret_manager_secret.sql_admin_secret.secret_id}";
    const both = readers.filter((grant) => grant["secret_id"] === secret_id || grant["member"] === member);
    expect(both.map((grant) => [grant["secret_id"], grant["member"]])).toEqual([[secret_id, member]]);
  });

  test("connects to the one instance, and cannot log in to it as itself", () => {
    const grants = Object.entries(stack.resources("google_project_iam_member")).filter(([id]) =>
      id.startsWith("database_grants"),
    );
    expect(grants.map(([, { role, condition }]) => [role, condition.title])).toEqual([
      ["roles/cloudsql.client", "one-instance"],
    ]);
  });

  test("is the pods of its namespace, once the cluster is there", () => {
    expect(stack.resource("google_service_account_iam_member", "database_grants_pods")["member"]).toBe(
      `serviceAccount:\${google_container_cluster.cluster.workload_identity_config[0].workload_pool}[${DATABASE_GRANTS}/${DATABASE_GRANTS}]`,
    );
  });

  // Both are off unless a flag turns them on, and both would hold a database against its owner, and against its drop.
  test("lets nothing outlive its session: no prepared transactions, no logical replication", () => {
    const flags = stack
      .resource("google_sql_database_instance", "sql")
      ["settings"].database_flags.map(({ name }: { name: string }) => name);
    expect(flags).toContain("cloudsql.iam_authentication");
    for (const flag of [
      "max_prepared_transactions",
      "cloudsql.logical_decoding",
      "cloudsql.enable_pglogical",
    ])
      expect(flags).not.toContain(flag);
  });

  test("alerts when it fails or does not run, with a page that says what to do", () => {
    const alert = stack.resource("google_monitoring_alert_policy", "monitoring_alerts_database_grants");
    const thresholds = alert["conditions"].map(
      ({ condition_threshold }: { condition_threshold: object }) => condition_threshold,
    );
    const filter = expect.stringContaining(`resource.labels.container_name = "${DATABASE_GRANTS}"`);
    expect(thresholds).toMatchObject([
      { filter, comparison: "COMPARISON_GT" },
      { filter, comparison: "COMPARISON_LT", evaluation_missing_data: "EVALUATION_MISSING_DATA_ACTIVE" },
    ]);
    expect(alert["notification_channels"].length).toBeGreaterThan(0);
    expect(JSON.stringify(alert["documentation"])).toContain("docs/runbooks/database-grants.md");
  });
});
