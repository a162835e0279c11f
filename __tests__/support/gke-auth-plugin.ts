import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A stand-in for `gke-gcloud-auth-plugin`, which answers in the one version that the real one has, whatever is asked for.
 * @see https://github.com/kubernetes/cloud-provider-gcp/blob/master/cmd/gke-gcloud-auth-plugin/cred.go
 * @param folder for the PATH
 */
export function pretendAuthPlugin(folder: string): void {
  const file = join(folder, "gke-gcloud-auth-plugin");
  const answer = JSON.stringify({
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1beta1",
    spec: { interactive: false },
    status: { expirationTimestamp: "2036-01-01T00:00:00Z", token: "of-nobody" },
  });
  writeFileSync(
    file,
    `#!/bin/sh
[ "$1" = --version ] && { echo 'Kubernetes v1.30.0+0123456'; exit; }
[ "$*" = --use_application_default_credentials ] || { echo "unknown flag: $*" >&2; exit 1; }
echo '${answer}'
`,
  );
  chmodSync(file, 0o755);
}
