import { ApikeysKey } from "@cdktf/provider-google/lib/apikeys-key";
import { DataGoogleServiceAccountKey } from "@cdktf/provider-google/lib/data-google-service-account-key";
import { ServiceAccountKey } from "@cdktf/provider-google/lib/service-account-key";
import { StorageHmacKey } from "@cdktf/provider-google/lib/storage-hmac-key";
import type { BadStacks } from "../../../support/bad-stacks";

const serviceAccountEmail = "ci@plue-staging.iam.gserviceaccount.com";

export default {
  "a key for a workflow": ({ stack }) =>
    void new ServiceAccountKey(stack, "key", { serviceAccountId: serviceAccountEmail }),
  "a key that exists": ({ stack }) =>
    void new DataGoogleServiceAccountKey(stack, "key", { name: `${serviceAccountEmail}/keys/1` }),
  "a key for a bucket": ({ stack }) => void new StorageHmacKey(stack, "key", { serviceAccountEmail }),
  "a key of an API": ({ stack }) => void new ApikeysKey(stack, "key", { name: "maps" }),
} satisfies BadStacks;
