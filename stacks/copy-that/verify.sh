#!/usr/bin/env bash
# Migrates an environment's database, and tries what was deployed: the revision that is being tried where there is one, which
# may have no requests yet, or else what answers everybody.
#   ./verify.sh staging
# Needs gcloud, logged in as who deploys, curl and jq.
set -euo pipefail
cd "$(dirname "$0")"

environment=${1:?usage: ./verify.sh staging|production}
config() { jq --exit-status --raw-output ".context[\"copy-that\"].$environment.$1" cdktf.json; }
project=$(config projectId)
region=$(config region)
deployer=github-actions-$environment@$project.iam.gserviceaccount.com

gcloud run jobs execute "copy-that-migrate-$environment" --project="$project" --region="$region" --wait

is_tried=$(jq --raw-output ".$environment.api | has(\"traffic\")" releases.json)
if [ "$environment" = production ]; then
  host=api
  if [ "$is_tried" = true ]; then host=canary; fi
  url=https://$host.$(config domain)
else
  url=$(gcloud run services describe "copy-that-api-$environment" --project="$project" --region="$region" --format=json |
    jq --exit-status --raw-output --argjson tried "$is_tried" \
      'if $tried then .status.traffic[] | select(.tag == "canary").url else .status.url end')
fi

header=()
# Identity-Aware Proxy takes a token that the account signs for the address.
if [ "$environment" != production ] || [ "$is_tried" = true ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  now=$(date +%s)
  jq --null-input --arg account "$deployer" --arg audience "$url/*" --argjson now "$now" \
    '{iss: $account, sub: $account, aud: $audience, iat: $now, exp: ($now + 600)}' > "$work/claims"
  gcloud iam service-accounts sign-jwt "$work/claims" "$work/token" --iam-account="$deployer"
  header=(--header "Authorization: Bearer $(cat "$work/token")")
fi

# try <path> <accepted statuses> [options of curl]
try() {
  local path=$1 accepted=$2 status
  shift 2
  for _ in 1 2 3 4 5; do
    status=$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 30 \
      ${header[@]+"${header[@]}"} "$@" "$url$path") || true
    if [[ " $accepted " == *" $status "* ]]; then
      echo "$path answers $status"
      return
    fi
    sleep "${PAUSE:-5}"
  done
  echo "$url$path answers $status, and not $accepted" >&2
  exit 1
}

try /health 200
try /api/status 200
try /api/projects "200 201" --header 'Content-Type: application/json' --data '{"name": "smoke-test"}'
