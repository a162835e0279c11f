import { DATABASE_GRANTS } from "../../stacks/plue/names";
import { engineerNames } from "../../stacks/plue/registry/engineer-names";
import {
  containersOf,
  describeCharts,
  environmentOf,
  helmTemplate,
  passedBy,
  Rendered,
} from "../support/helm";

describeCharts("the job that keeps the databases' rights", () => {
  describe.each(["staging-platform", "production-app"])("as %s installs it", (stack) => {
    const rendered = new Rendered(passedBy(stack, "platform"));
    const job = rendered.get("CronJob", DATABASE_GRANTS);
    const { spec } = job.spec.jobTemplate.spec.template;

    test("is alone in a namespace of its own, with all that it needs", () => {
      const there = rendered.objects.filter(({ metadata }) => metadata.namespace === DATABASE_GRANTS);
      expect(there.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual(
        ["ConfigMap", "CronJob", "NetworkPolicy", "ServiceAccount"].map(
          (kind) => `${kind} ${DATABASE_GRANTS}`,
        ),
      );
    });

    test("runs every minute, one at a time, and ends before there are many", () => {
      expect(job.spec).toMatchObject({ schedule: "* * * * *", concurrencyPolicy: "Forbid" });
      expect(job.spec.jobTemplate.spec).toMatchObject({
        backoffLimit: 0,
        activeDeadlineSeconds: expect.any(Number),
      });
    });

    test("holds no password: it is told where one is", () => {
      expect(rendered.all("Secret")).toEqual([]);
      expect(rendered.all("ExternalSecret")).toEqual([]);
      const environment = environmentOf(spec.containers[0]);
      expect(environment["PASSWORD_URL"]).toMatch(
        /^https:\/\/secretmanager\.googleapis\.com\/v1\/projects\/[\w-]+\/secrets\/plue-staging-db-password\/versions\/latest:access$/,
      );
      for (const value of Object.values(environment)) expect(typeof value).toBe("string");
    });

    test("runs Alpine's wget, which checks Google's certificate, as other builds of BusyBox do not", () => {
      expect(spec.containers[0].image).toMatch(
        /^mirror\.gcr\.io\/library\/postgres:[\d.]+-alpine@sha256:[0-9a-f]{64}$/,
      );
    });

    test("is as pod security restricted wants it, without a token for the cluster", () => {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const container of containersOf({ spec }))
        expect(container).toMatchObject({
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { limits: { cpu: expect.any(String), memory: expect.any(String) } },
        });
    });

    test("its network policy is for its pods", () => {
      const { podSelector } = rendered.get("NetworkPolicy", DATABASE_GRANTS).spec;
      expect(job.spec.jobTemplate.spec.template.metadata.labels).toEqual(podSelector.matchLabels);
    });
  });

  test("engineers are not listed: a rule has a star for the name", () => {
    const { RULES } = environmentOf(
      new Rendered(passedBy("staging-platform", "platform")).get("CronJob", DATABASE_GRANTS).spec.jobTemplate
        .spec.template.spec.containers[0],
    );
    const alice = engineerNames("alice", "plue-staging");
    const [login, database] = [alice.databaseUser, alice.database].map((name) => name.replace("alice", "*"));
    expect(JSON.parse(RULES)).toEqual([{ login, database }]);
  });

  test.each([
    ["a database for every name", { login: "plue@p.iam", database: "plue_*" }],
    ["one database for all", { login: "staging-*@p.iam", database: "plue" }],
    ["a name that is a pattern", { login: "staging-*@p.iam", database: "plue%*" }],
    ["two stars", { login: "*-*@p.iam", database: "plue_*" }],
  ])("is refused %s", (_, rule) => {
    const passed = passedBy("staging-platform", "platform");
    const { stdout, stderr } = helmTemplate({
      ...passed,
      values: [...passed.values, { databaseGrants: { rules: [rule] } }],
    });
    expect(stdout).toBe("");
    expect(stderr).toContain("/databaseGrants/rules/0");
  });
});
