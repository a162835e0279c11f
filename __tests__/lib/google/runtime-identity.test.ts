import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { PubsubTopic } from "@cdktf/provider-google/lib/pubsub-topic";
import { expression } from "../../../lib/core/expression";
import type { Stack } from "../../../lib/core/stack";
import { RuntimeIdentity, type RuntimeIdentityProps } from "../../../lib/google/runtime-identity";
import { synthesize } from "../../support/synth";

let made: RuntimeIdentity;
const stack = synthesize((stack) => {
  new GoogleProvider(stack, "google", {});
  made = new RuntimeIdentity(stack, "runtime", {
    projectId: "p1",
    accountId: "staging-alice",
    displayName: "Pods of alice",
    sqlInstance: "db",
    secretIds: { model_key: "anthropic-api-key", app: "github-app-private-key" },
    pods: { namespace: "alice", serviceAccount: "api" },
  });
  stack.output("email", { value: made.email });
});
const MEMBER = "${google_service_account.runtime.member}";

describe("RuntimeIdentity", () => {
  test("is a service account", () => {
    expect(stack.resource("google_service_account", "runtime")).toEqual({
      project: "p1",
      account_id: "staging-alice",
      display_name: "Pods of alice",
    });
    expect(stack.outputs["email"]?.["value"]).toBe("${google_service_account.runtime.email}");
  });

  test("is a database user by the name that Cloud SQL gives it", () => {
    expect(made.databaseUser).toBe("staging-alice@p1.iam");
  });

  test("connects and logs in to the one instance", () => {
    const roles = { sql_connect: "roles/cloudsql.client", sql_login: "roles/cloudsql.instanceUser" };
    for (const [id, role] of Object.entries(roles))
      expect(stack.resource("google_project_iam_member", `runtime_${id}`)).toEqual({
        project: "p1",
        role,
        member: MEMBER,
        condition: {
          title: "one-instance",
          expression:
            'resource.service == "sqladmin.googleapis.com" && resource.name == "projects/p1/instances/db"',
        },
      });
  });

  test("reads the secrets it is given", () => {
    const secrets = { model_key: "anthropic-api-key", app: "github-app-private-key" };
    for (const [id, secret_id] of Object.entries(secrets))
      expect(stack.resource("google_secret_manager_secret_iam_member", `runtime_${id}`)).toEqual({
        project: "p1",
        secret_id,
        role: "roles/secretmanager.secretAccessor",
        member: MEMBER,
      });
  });

  test("is taken on by the pods of one Kubernetes service account", () => {
    expect(stack.resource("google_service_account_iam_member", "runtime_pods")).toEqual({
      service_account_id: "${google_service_account.runtime.name}",
      role: "roles/iam.workloadIdentityUser",
      member: "serviceAccount:p1.svc.id.goog[alice/api]",
    });
  });

  test("connects without logging in where it has a password, and waits for the cluster it is told of", () => {
    const other = synthesize((stack) => {
      new GoogleProvider(stack, "google", {});
      new RuntimeIdentity(stack, "job", {
        projectId: "p1",
        accountId: "job-account",
        displayName: "Job",
        sqlInstance: "db",
        databaseLogin: false,
        secretIds: {},
        pods: { namespace: "jobs", serviceAccount: "job" },
        workloadPool: expression`google_container_cluster.c.workload_identity_config[0].workload_pool`,
      });
    });
    expect(Object.keys(other.resources("google_project_iam_member"))).toEqual(["job_sql_connect"]);
    expect(other.resource("google_service_account_iam_member", "job_pods")["member"]).toBe(
      "serviceAccount:${google_container_cluster.c.workload_identity_config[0].workload_pool}[jobs/job]",
    );
  });

  test("may do nothing else", () => {
    const grants = Object.entries<object>(stack.json["resource"]).map(([type, named]) => [
      type,
      Object.keys(named).length,
    ]);
    expect(Object.fromEntries(grants)).toEqual({
      google_service_account: 1,
      google_project_iam_member: 2,
      google_secret_manager_secret_iam_member: 2,
      google_service_account_iam_member: 1,
    });
  });

  test("names itself as whoever runs as it takes it", () => {
    const { outputs } = stackOf({}, (identity, stack) => {
      stack.outputs({ name: { value: identity.name }, member: { value: identity.member } });
    });
    expect(outputs["name"]?.["value"]).toBe("${google_service_account.it.name}");
    expect(outputs["member"]?.["value"]).toBe("${google_service_account.it.member}");
  });

  test("without pods and database is an account that may do nothing", () => {
    expect(stackOf({}).addresses).toEqual(["google_service_account.it"]);
  });

  test("has no database user without an instance", () => {
    expect(() => stackOf({}, ({ databaseUser }) => databaseUser)).toThrow(
      "test/it: sqlInstance: is missing, so there is no database user: give it",
    );
  });

  test("has further roles, each on what it names", () => {
    const granted = stackOf({
      roles: { pictures: { role: "roles/storage.objectUser", on: { bucket: "b" } } },
    });
    expect(granted.resource("google_storage_bucket_iam_member", "it_roles_pictures")).toEqual({
      bucket: "b",
      role: "roles/storage.objectUser",
      member: "${google_service_account.it.member}",
    });
  });

  test("has a role on itself alone", () => {
    const granted = stackOf({ rolesOnItself: ["roles/iam.serviceAccountTokenCreator"] });
    expect(Object.values(granted.resources("google_service_account_iam_member"))).toEqual([
      expect.objectContaining({
        service_account_id: "${google_service_account.it.name}",
        role: "roles/iam.serviceAccountTokenCreator",
        member: "${google_service_account.it.member}",
      }),
    ]);
  });

  test("tells all its grants, for what must wait for them", () => {
    const props: Partial<RuntimeIdentityProps> = {
      sqlInstance: "db",
      secretIds: { key: "key" },
      pods: { namespace: "n", serviceAccount: "s" },
      roles: { log: { role: "roles/logging.logWriter" } },
      rolesOnItself: ["roles/iam.serviceAccountTokenCreator"],
    };
    const waiting = stackOf(props, ({ grants }, stack) => {
      new PubsubTopic(stack, "last", { name: "t", dependsOn: [...grants] });
    });
    const grants = waiting.addresses.filter((address) => address.includes("_iam_member."));
    expect(grants).toHaveLength(6);
    expect(waiting.resource("google_pubsub_topic", "last")["depends_on"].sort()).toEqual(grants.sort());
  });
});

function stackOf(
  props: Partial<RuntimeIdentityProps>,
  use: (identity: RuntimeIdentity, stack: Stack) => unknown = () => undefined,
) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    use(
      new RuntimeIdentity(stack, "it", {
        projectId: "p1",
        accountId: "it-runs",
        displayName: "It",
        ...props,
      }),
      stack,
    );
  });
}
