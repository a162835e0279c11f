import type { Stack } from "../../lib/core/stack";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";

export function declare(stack: Stack): void {
  new RuntimeIdentity(stack, "pods", {
    projectId: "acme-prod",
    accountId: "shop-prod",
    displayName: "Pods of the shop",
    sqlInstance: "acme-prod",
    databaseLogin: true,
    secretIds: { stripe: "stripe-api-key" },
    pods: { namespace: "shop", serviceAccount: "api" },
    workloadPool: "acme-prod.svc.id.goog",
  });
  new RuntimeIdentity(stack, "service", {
    projectId: "acme-prod",
    accountId: "thumbnails",
    displayName: "Cloud Run service thumbnails",
    roles: {
      pictures: { role: "roles/storage.objectUser", on: { bucket: "acme-pictures" } },
      images: {
        role: "roles/artifactregistry.reader",
        on: { repository: "shop", location: "us-central1", projectId: "acme-images" },
      },
      api: { role: "roles/run.invoker", on: { service: "api", location: "us-central1" } },
      nightly: { role: "roles/run.invoker", on: { job: "nightly", location: "us-central1" } },
      worker: { role: "roles/run.viewer", on: { workerPool: "worker", location: "us-central1" } },
      events: { role: "roles/bigquery.dataEditor", on: { dataset: "events" } },
      orders: { role: "roles/pubsub.publisher", on: { topic: "orders" } },
      jobs: { role: "roles/pubsub.subscriber", on: { subscription: "jobs" } },
      rotated: { role: "roles/secretmanager.secretVersionAdder", on: { secret: "session-key" } },
      signing: {
        role: "roles/cloudkms.signerVerifier",
        on: { key: "projects/acme-prod/locations/us-central1/keyRings/acme/cryptoKeys/signing" },
      },
      other: {
        role: "roles/iam.serviceAccountUser",
        on: {
          serviceAccount: "projects/acme-prod/serviceAccounts/nightly@acme-prod.iam.gserviceaccount.com",
        },
      },
      traces: {
        role: "roles/cloudtrace.agent",
        condition: { title: "until-2030", expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' },
      },
    },
    rolesOnItself: ["roles/iam.serviceAccountTokenCreator"],
  });
}
