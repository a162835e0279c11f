import type { BadStacks } from "../../../support/bad-stacks";

const account = "ci@plue-staging.iam.gserviceaccount.com";

export default {
  "a key for a workflow": (bad) => bad.raw("google_service_account_key", { service_account_id: account }),
  "a key that exists": (bad) => bad.raw("data.google_service_account_key", { name: `${account}/keys/1` }),
  "a key for a bucket": (bad) => bad.raw("google_storage_hmac_key", { service_account_email: account }),
  "a key of an API": (bad) => bad.raw("google_apikeys_key", { name: "maps" }),
} satisfies BadStacks;
