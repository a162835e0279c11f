/** Soft delete and object lifecycle of the state bucket, the same for `plue bootstrap`, which makes it, and for Terraform. */
export const STATE_BUCKET = {
  /** Days for which what was deleted can be restored. */
  softDeleteDays: 30,
  /** A version goes when it is both older than this and not among the newest. */
  oldVersions: { days: 90, kept: 20 },
} as const;

/** Cloud KMS key ring and key that encrypt the state, in the bucket's project and region. */
export const STATE_KEY = { ring: "terraform-state", name: "state", rotationDays: 90 } as const;

export function stateKeyName(projectId: string, region: string): string {
  return `projects/${projectId}/locations/${region}/keyRings/${STATE_KEY.ring}/cryptoKeys/${STATE_KEY.name}`;
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
