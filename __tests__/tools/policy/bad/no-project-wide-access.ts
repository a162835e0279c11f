import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import type { BadStacks } from "../../../support/bad-stacks";

const grant =
  (role: string): BadStacks[string] =>
  ({ stack, projectId: project }) =>
    void new ProjectIamMember(stack, "grant", { project, role, member: "group:platform@plue.dev" });

export default {
  "every secret": grant("roles/secretmanager.secretAccessor"),
  "every service account": grant("roles/iam.serviceAccountTokenCreator"),
  "every key": grant("roles/cloudkms.cryptoKeyEncrypterDecrypter"),
  "every key that signs": grant("roles/cloudkms.signerVerifier"),
  "every topic": grant("roles/pubsub.publisher"),
  "every service": grant("roles/run.invoker"),
  "every object": grant("roles/storage.objectViewer"),
  "every object of every project": (bad) =>
    bad.raw("google_folder_iam_member", {
      folder: "folders/1",
      role: "roles/storage.objectViewer",
      member: "group:platform@plue.dev",
    }),
} satisfies BadStacks;
