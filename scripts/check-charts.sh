#!/usr/bin/env bash
# Lints the charts with each of their values files, and checks every manifest that they and the charts' tests render
# (among them what each stack's release passes) against the schemas of Kubernetes and of the custom resources.
# scripts/check-charts.sh FOLDER, where FOLDER holds what the tests rendered (RENDERED_MANIFESTS=FOLDER npx jest __tests__/helm).
# Needs go, python3, helm on the PATH and npm's packages; what else it needs goes to ${TOOLS:-~/.cache/plue-tools}, once.
set -euo pipefail
cd "$(dirname "$0")/.."
rendered=${1:?the folder with what the tests rendered}
tools=${TOOLS:-$HOME/.cache/plue-tools}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
manifests=$work/manifests schemas=$work/schemas
mkdir "$manifests" "$schemas"

KUBERNETES=1.34.0
package=github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
kubeconform=$tools/kubeconform-${package##*@}/kubeconform
[ -x "$kubeconform" ] || GOBIN=$(dirname "$kubeconform") go install "$package"

# The schemas of Kubernetes' own kinds, as a Python package brings them.
python=$tools/kubernetes-validate-1.37.0
[ -d "$python" ] || python3 -m pip install --quiet --no-deps --target "$python.new" kubernetes-validate==1.37.0
[ -d "$python" ] || mv "$python.new" "$python"
cp -r "$python/kubernetes_validate/kubernetes-json-schema/v$KUBERNETES-local-strict" "$schemas/kubernetes"
sed -i "s|/api/_definitions.json|file://$schemas/kubernetes/_definitions.json|" "$schemas"/kubernetes/*.json

module() { # folder of a Go module
  (cd / && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}
node scripts/crd-schemas.mjs "$schemas" \
  "$(module sigs.k8s.io/gateway-api@v1.4.0)/config/crd/standard" \
  "$(module github.com/external-secrets/external-secrets@v1.3.2)/config/crds/bases" \
  "$(module github.com/kubernetes-csi/external-snapshotter/client/v8@v8.2.0)/config/crd"

for chart in helm/*/; do
  for values in "$chart"values*.yaml; do
    helm lint --strict --quiet "$chart" --values "$values"
    name=$(basename "$chart")-$(basename "$values")
    helm template release "$chart" --namespace example --values "$values" >"$manifests/$name"
  done
done
# scripts/gke-schemas: kinds that GKE alone has, whose definitions no module carries.
"$kubeconform" -strict -summary \
  -schema-location "$schemas/kubernetes/{{ .ResourceKind }}{{ .KindSuffix }}.json" \
  -schema-location "$schemas/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json" \
  -schema-location 'scripts/gke-schemas/{{ .ResourceKind }}.json' \
  "$manifests" "$rendered"
