/** Soft delete and object lifecycle of the state bucket, the same for `plue bootstrap`, which makes it, and for Terraform. */
export const STATE_BUCKET = {
  /** Days for which what was deleted can be restored. */
  softDeleteDays: 30,
  /** A version goes when it is both older than this and not among the newest. */
  oldVersions: { days: 90, kept: 20 },
} as const;

/** Names of the Cloud KMS key that encrypts the state, in the bucket's project and region. */
export interface StateKey {
  /** Key ring. */
  readonly ring: string;
  readonly name: string;
}

/** What it is called where nothing says otherwise. */
export const STATE_KEY: StateKey = { ring: "terraform-state", name: "state" };
/** Days after which it gets a new version. */
export const STATE_KEY_ROTATION_DAYS = 90;

export function stateKeyName(
  projectId: string,
  region: string,
  { ring, name }: StateKey = STATE_KEY,
): string {
  return `projects/${projectId}/locations/${region}/keyRings/${ring}/cryptoKeys/${name}`;
}

/** Custom roles in the bucket's project, to be granted on the bucket. None of them reads a state. */
export const STATE_ROLES = {
  reader: {
    roleId: "terraformStateSettings",
    title: "Reads settings and IAM of the state bucket and its folders",
    permissions: [
      "storage.buckets.get",
      "storage.buckets.getIamPolicy",
      "storage.managedFolders.get",
      "storage.managedFolders.getIamPolicy",
      "storage.managedFolders.list",
    ],
  },
  lister: {
    roleId: "terraformStateNames",
    title: "Lists the states of the bucket by name, as finding orphans needs",
    permissions: ["storage.objects.list"],
  },
  folders: {
    roleId: "terraformStateFolders",
    title: "Makes folders of the state bucket and grants access to them",
    permissions: [
      "storage.managedFolders.create",
      "storage.managedFolders.delete",
      "storage.managedFolders.get",
      "storage.managedFolders.getIamPolicy",
      "storage.managedFolders.list",
      "storage.managedFolders.setIamPolicy",
    ],
  },
} as const;

export type StateRole = keyof typeof STATE_ROLES;

/** `projects/p/roles/terraformStateFolders` */
export function stateRoleName(projectId: string, role: StateRole): string {
  return `projects/${projectId}/roles/${STATE_ROLES[role].roleId}`;
}
