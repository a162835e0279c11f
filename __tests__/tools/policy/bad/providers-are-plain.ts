import type { Bad, BadStacks } from "../../../support/bad-stacks";

const provider =
  (name: string, args: object): Bad =>
  ({ stack }) =>
    stack.addOverride(`provider.${name}`, [args]);
const endpoint = "https://${data.terraform_remote_state.base.outputs.cluster_dns_endpoint}";

export default {
  "an address of somebody else for Google's API": provider("google", {
    project: "plue-staging",
    storage_custom_endpoint: "https://evil.example",
  }),
  "somebody else's universe for Google's API": provider("google", { universe_domain: "evil.example" }),
  "an address for the beta API": provider("google-beta", {
    container_custom_endpoint: "https://evil.example",
  }),
  "an address for Cloudflare's API": provider("cloudflare", { base_url: "https://evil.example" }),
  "a cluster of whoever runs it": provider("kubernetes", { host: endpoint, config_path: "~/.kube/config" }),
  "a cluster of somebody else": provider("kubernetes", { host: "https://evil.example" }),
  "a program in the plug-in's place": provider("kubernetes", {
    host: endpoint,
    exec: [{ api_version: "client.authentication.k8s.io/v1beta1", command: "sh", args: ["-c", "true"] }],
  }),
  "a variable for the plug-in, which runs gcloud": provider("kubernetes", {
    exec: [{ command: "gke-gcloud-auth-plugin", env: { CLOUDSDK_PYTHON: "/tmp/x" } }],
  }),
  "a program for Helm": provider("helm", { kubernetes: { exec: { command: "sh" } } }),
  "a cluster of somebody else for Helm": provider("helm", { kubernetes: { host: "https://evil.example" } }),
  "plug-ins for Helm": provider("helm", { plugins_path: "/tmp/x" }),
  "a provider that nobody has looked at": ({ stack }) => {
    stack.addOverride("terraform.required_providers.vault", { source: "hashicorp/vault", version: "5.3.0" });
    stack.addOverride("provider.vault", [{ address: "https://evil.example" }]);
  },
} satisfies BadStacks;
