import { synthesizeProgram } from "../../support/program";
import type { Synthesized } from "../../support/synth";
import { tokensOf } from "../../support/walk";

const stacks = synthesizeProgram();
const get = (name: string) => stacks.get(name) as Synthesized;

describe.each([
  ["staging-platform", "staging-base"],
  ["staging-alice", "staging-base"],
  ["production-app", "production"],
])("%s", (name, base) => {
  const { json } = get(name);
  const acting = name === "staging-alice" && "${var.acting_as}";
  const exec = {
    api_version: "client.authentication.k8s.io/v1beta1",
    command: "gke-gcloud-auth-plugin",
    args: [acting ? `--impersonate_service_account=${acting}` : "--use_application_default_credentials"],
  };
  const host = "https://${data.terraform_remote_state.base.outputs.cluster_dns_endpoint}";

  test("reaches the cluster with tokens that a plug-in gets, and keeps releases where no right to Secrets is needed", () => {
    const { kubernetes, helm } = json["provider"];
    expect(kubernetes).toEqual([{ host, exec: [exec] }]);
    expect(helm).toEqual([{ helm_driver: "configmap", kubernetes: { host, exec } }]);
  });

  test(`reads ${base} and no other state`, () => {
    const states: Record<string, { backend: string; config: object }> = json["data"].terraform_remote_state;
    expect(Object.values(states).map(({ backend, config }) => [backend, config])).toEqual([
      [
        "gcs",
        {
          bucket: "plue-terraform-state",
          prefix: base,
          ...(acting && { impersonate_service_account: acting }),
        },
      ],
    ]);
  });

  test(`reads no output that ${base} does not have, and says to deploy it first where one is missing`, () => {
    const wanted = [...tokensOf(json)].flatMap(
      (token) => /^data\.terraform_remote_state\.base\.outputs\.(\w+)/.exec(token)?.[1] ?? [],
    );
    expect(wanted.length).toBeGreaterThan(1);
    expect(wanted.filter((output) => !(output in get(base).outputs))).toEqual([]);
    const [{ condition, error_message }] = json["data"].terraform_remote_state.base.lifecycle.postcondition;
    for (const output of wanted) expect(condition).toContain(`"${output}"`);
    expect(error_message).toContain(`deploy ${base} first (npx cdktf deploy ${base})`);
  });

  if (name !== "staging-alice")
    test("its Gateway has address, certificates and TLS policy of that stack", () => {
      const output = (output: string) => `\${data.terraform_remote_state.base.outputs.${output}}`;
      expect(json["locals"].platform_release_values.gateway).toMatchObject({
        addressName: output("ingress_address_name"),
        certificateMap: output("certificate_map_name"),
        sslPolicy: output("ssl_policy_name"),
      });
    });

  test("waits for every release to be ready, takes a failed one back, and keeps a history", () => {
    for (const release of Object.values(get(name).resources("helm_release")))
      expect(release).toMatchObject({ atomic: true, cleanup_on_fail: true, wait: true, max_history: 10 });
  });
});
