import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { StateStore } from "../../../lib/google/state-store";
import { STATE_ROLES, stateRoleName } from "../../../lib/google/state-store/settings";
import { synthesize } from "../../support/synth";

const store = synthesize((stack) => {
  new GoogleProvider(stack, "google", {});
  const { bucketName, roles } = new StateStore(stack, "state", {
    projectId: "p",
    region: "europe-west1",
    bucketName: "states",
  });
  stack.outputs({ name: { value: bucketName }, roles: { value: roles } });
});

test("states are private, encrypted with a key of our own, and there again after every mistake", () => {
  expect(store.resource("google_storage_bucket", "state")).toMatchObject({
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
    encryption: { default_kms_key_name: "${google_kms_crypto_key.state_keys_state.id}" },
    // A state that is overwritten is a version, one that is deleted with its versions is there for some days.
    versioning: { enabled: true },
    soft_delete_policy: { retention_duration_seconds: 30 * 86_400 },
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
});

test("versions of a state go when they are both old and many, and never the live one", () => {
  const { lifecycle_rule: rules } = store.resource("google_storage_bucket", "state");
  expect(rules).toEqual([
    {
      action: { type: "Delete" },
      condition: { days_since_noncurrent_time: 90, num_newer_versions: 20, with_state: "ARCHIVED" },
    },
  ]);
});

test("of those with a basic role in the project, only owners reach the states", () => {
  const bindings = Object.values(store.resources("google_storage_bucket_iam_binding"));
  expect(bindings.map(({ role, members }) => [role, members])).toEqual(
    ["BucketOwner", "BucketReader", "ObjectOwner", "ObjectReader"].map((role) => [
      `roles/storage.legacy${role}`,
      ["projectOwner:p"],
    ]),
  );
});

test("its roles have the names by which other projects' stacks grant them, and read no state", () => {
  for (const [name, { roleId, permissions }] of Object.entries(STATE_ROLES)) {
    expect(store.resource("google_project_iam_custom_role", `state_${name}`)).toMatchObject({
      project: "p",
      role_id: roleId,
      permissions,
    });
    expect(stateRoleName("p", name as keyof typeof STATE_ROLES)).toBe(`projects/p/roles/${roleId}`);
  }
  const held = Object.values(STATE_ROLES).flatMap(({ permissions }) => [...permissions]);
  expect(held.filter((permission) => permission.startsWith("storage.objects"))).toEqual([
    "storage.objects.list",
  ]);
});

test("the bucket waits until Cloud Storage may use the key", () => {
  expect(store.resource("google_storage_bucket", "state")["depends_on"]).toEqual([
    "google_kms_crypto_key_iam_member.state_keys_state_storage",
  ]);
});
