import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";

/**
 * Declares the kubernetes and helm providers of a stack, which reach a GKE cluster by its DNS endpoint: that has a publicly
 * trusted certificate, so no certificate authority is needed. The cluster must not be made by the same stack.
 *
 * They get their tokens from `gke-gcloud-auth-plugin` as Terraform's own credentials (application default), so who
 * impersonates a service account is that account in the cluster too; a token read by Terraform would stand in the state.
 * Helm keeps its releases in ConfigMaps, so that a plan needs no right to read Secrets.
 *
 * With `impersonate` they act as a service account, whoever runs Terraform: the plug-in asks for its tokens with the
 * account that gcloud is logged in with, as the flags of the plug-in for that and for application default credentials
 * exclude each other. What KUBE_TOKEN or KUBE_CONFIG_PATH say in the environment would count all the same: `plue ci` and
 * `npx cdktf` leave them out.
 *
 * @param dnsEndpoint host name of the control plane, or a reference to it
 * @param impersonate e-mail of the service account, or a reference to it; by default who runs Terraform
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
 * @see https://github.com/kubernetes/cloud-provider-gcp/blob/master/cmd/gke-gcloud-auth-plugin/cred.go
 */
export function clusterProviders(stack: TerraformStack, dnsEndpoint: string, impersonate?: string): void {
  kubernetesProvider(stack, dnsEndpoint, impersonate);
  new HelmProvider(stack, "helm", {
    helmDriver: "configmap",
    kubernetes: connection(dnsEndpoint, impersonate),
  });
}

/** The kubernetes provider of {@link clusterProviders} alone, for a stack without releases. */
export function kubernetesProvider(stack: TerraformStack, dnsEndpoint: string, impersonate?: string): void {
  const { host, exec } = connection(dnsEndpoint, impersonate);
  new KubernetesProvider(stack, "kubernetes", { host, exec: [exec] });
}

function connection(dnsEndpoint: string, impersonate: string | undefined) {
  return {
    host: `https://${dnsEndpoint}`,
    exec: {
      // The only version that the plugin answers with: a provider that asks for another refuses the answer.
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "gke-gcloud-auth-plugin",
      args: [
        impersonate === undefined
          ? "--use_application_default_credentials"
          : `--impersonate_service_account=${impersonate}`,
      ],
    },
  };
}
