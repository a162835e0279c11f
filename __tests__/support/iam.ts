import { STATE_ROLES } from "../../lib/google/state-store/settings";
import type { Synthesized } from "./synth";

/** What a request asks for, as IAM sees it. */
interface Request {
  readonly permission: string;
  readonly type: "Bucket" | "Object" | "ManagedFolder";
  /** `projects/_/buckets/b/objects/staging-alice/default.tfstate` */
  readonly name: string;
  /** Prefix of a listing. */
  readonly listPrefix?: string;
}

/** A role that somebody holds on the bucket, or on a folder of it. */
interface Grant {
  readonly member: string;
  readonly permissions: readonly string[];
  /** On everything in a project. */
  readonly project?: string;
  readonly bucket?: string;
  /** With the slash. */
  readonly folder?: string;
  readonly condition?: string;
}

const objects = (...verbs: string[]) => verbs.map((verb) => `storage.objects.${verb}`);

/**
 * What Google's predefined roles hold of Cloud Storage, of those that the stacks grant; a role that is not here and may
 * hold some is an error.
 * @see https://cloud.google.com/storage/docs/access-control/iam-roles
 */
const PREDEFINED: Readonly<Record<string, readonly string[]>> = {
  "roles/storage.objectViewer": objects("get", "list"),
  "roles/storage.objectUser": objects("create", "delete", "get", "list", "update"),
  "roles/storage.objectCreator": objects("create"),
  "roles/storage.legacyBucketOwner": [...objects("create", "delete", "list"), "storage.buckets.setIamPolicy"],
  "roles/storage.legacyBucketReader": objects("list"),
  "roles/storage.legacyObjectOwner": [...objects("get", "update"), "storage.objects.setIamPolicy"],
  "roles/storage.legacyObjectReader": objects("get"),
};
/** Predefined roles on projects that hold nothing of Cloud Storage. */
const WITHOUT_STORAGE =
  /^roles\/(artifactregistry|billing|browser|certificatemanager|cloudkms|cloudsql|cloudtrace|compute|container|iam|logging|monitoring|resourcemanager|secretmanager|servicenetworking|serviceusage|binaryauthorization|pubsub)\b/;

/** Who may do what with which state, worked out from every IAM resource of the synthesized stacks. */
export class StateAccess {
  private readonly grants: Grant[];
  /** Permissions of the stacks' custom roles, by full name. */
  private readonly customRoles: ReadonlyMap<string, readonly string[]>;

  /** @param project of the bucket */
  constructor(
    stacks: ReadonlyMap<string, Synthesized>,
    private readonly bucket: string,
    private readonly project: string,
  ) {
    this.customRoles = new Map(
      [...stacks.values()].flatMap((stack) =>
        Object.values(stack.resources("google_project_iam_custom_role")).map(
          ({ project: owner, role_id, permissions }) =>
            [`projects/${owner}/roles/${role_id}`, permissions] as const,
        ),
      ),
    );
    const declared = [...stacks.values()].flatMap((stack) => this.grantsIn(stack));
    const bound = [...stacks.values()].flatMap((stack) =>
      Object.values(stack.resources("google_storage_bucket_iam_binding"))
        .filter((block) => nameOf(stack, block["bucket"]) === bucket)
        .map(({ role }): string => role),
    );
    this.grants = [...declared, ...givenByGoogle(bucket, project, bound)];
  }

  /** Every member of any grant, as an address. */
  get members(): string[] {
    return [...new Set(this.grants.map(({ member }) => member))].sort();
  }

  /**
   * What a member may do with a state, of: `list` its folder, `read`, `write` (create, replace, delete, lock), and
   * `share` it, by granting others or herself the rest.
   */
  rights(member: string, stack: string): string {
    const folder = `${stack}/`;
    const path = `projects/_/buckets/${this.bucket}`;
    const object: Omit<Request, "permission"> = {
      type: "Object",
      name: `${path}/objects/${folder}default.tfstate`,
    };
    const may = (request: Request) => this.allows(member, folder, request);
    const all = (verbs: string[]) => objects(...verbs).every((permission) => may({ ...object, permission }));
    const some = (verbs: string[]) => objects(...verbs).some((permission) => may({ ...object, permission }));
    if (some(["create", "delete", "update"]) !== all(["create", "delete", "get"]))
      throw new Error(`${member} may change half of ${stack}`);
    const list: Request = {
      permission: "storage.objects.list",
      type: "Bucket",
      name: path,
      listPrefix: folder,
    };
    const share = ["storage.managedFolders.setIamPolicy", "storage.managedFolders.delete"].some(
      (permission) => may({ permission, type: "ManagedFolder", name: `${path}/managedFolders/${folder}` }),
    );
    const bucket = ["setIamPolicy", "delete", "update"].some((verb) =>
      may({ permission: `storage.buckets.${verb}`, type: "Bucket", name: path }),
    );
    return [
      may(list) ? "list" : "",
      all(["get"]) ? "read" : "",
      all(["create", "delete"]) ? "write" : "",
      share || bucket ? "share" : "",
    ]
      .filter(Boolean)
      .join(" ");
  }

  private allows(member: string, folder: string, request: Request): boolean {
    return this.grants.some(
      (grant) =>
        grant.member === member &&
        grant.permissions.includes(request.permission) &&
        (grant.project === undefined || grant.project === this.project) &&
        (grant.bucket === undefined || grant.bucket === this.bucket) &&
        (grant.folder === undefined ||
          (folder.startsWith(grant.folder) && request.type !== "ManagedFolder")) &&
        (grant.condition === undefined || holds(grant.condition, request)),
    );
  }

  private grantsIn(stack: Synthesized): Grant[] {
    const blocks = Object.entries<Record<string, Record<string, unknown>>>(stack.json["resource"] ?? {});
    return blocks.flatMap(([type, named]) => {
      const [, on, form] =
        /^google_(storage_bucket|storage_managed_folder|project)_iam_(.*)$/.exec(type) ?? [];
      if (!on || form === "custom_role" || form === "audit_config") return [];
      if (form !== "member" && form !== "binding") throw new Error(`${type} is not known here`);
      return Object.values(named).flatMap((block) => {
        const { role, member, members, bucket, managed_folder: folder, condition } = block;
        return ((members as string[]) ?? [member as string]).map(
          (each): Grant => ({
            member: memberOf(stack, each),
            permissions: this.customRoles.get(role as string) ?? permissionsOf(stack, role as string),
            ...(on === "project"
              ? { project: block["project"] as string }
              : { bucket: nameOf(stack, bucket as string) }),
            ...(folder ? { folder: nameOf(stack, folder as string) } : {}),
            ...(condition ? { condition: (condition as { expression: string }).expression } : {}),
          }),
        );
      });
    });
  }
}

/**
 * What Google gives everybody with a basic role in the project on a new bucket, where no binding replaces it.
 * @see https://cloud.google.com/storage/docs/access-control/iam-roles#basic-roles-modifiable
 */
function givenByGoogle(bucket: string, project: string, bound: readonly string[]): Grant[] {
  const roles = {
    Owner: ["BucketOwner", "ObjectOwner"],
    Editor: ["BucketOwner", "ObjectOwner"],
    Viewer: ["BucketReader", "ObjectReader"],
  };
  return Object.entries(roles).flatMap(([basic, names]) =>
    names
      .map((name) => `roles/storage.legacy${name}`)
      .filter((role) => !bound.includes(role))
      .map((role) => ({ member: `project${basic}:${project}`, permissions: PREDEFINED[role] ?? [], bucket })),
  );
}

/** What a reference stands for, where it is one: `${google_storage_managed_folder.x.name}` is its name. */
function nameOf(stack: Synthesized, value: string): string {
  const [, type, id] = /^\$\{(\w+)\.(\w+)\.name\}$/.exec(value) ?? [];
  return type && id ? stack.resource(type, id)["name"] : value;
}

function memberOf(stack: Synthesized, value: string): string {
  const [, id] = /^\$\{google_service_account\.(\w+)\.member\}$/.exec(value) ?? [];
  if (!id) return value;
  const { account_id, project } = stack.resource("google_service_account", id);
  return `serviceAccount:${account_id}@${project}.iam.gserviceaccount.com`;
}

function permissionsOf(stack: Synthesized, role: string): readonly string[] {
  const [, id] = /^\$\{google_project_iam_custom_role\.(\w+)\.name\}$/.exec(role) ?? [];
  if (id) return stack.resource("google_project_iam_custom_role", id)["permissions"];
  const shared = Object.values(STATE_ROLES).find(({ roleId }) => role.endsWith(`/roles/${roleId}`));
  if (shared) return shared.permissions;
  const known = PREDEFINED[role];
  if (known) return known;
  if (WITHOUT_STORAGE.test(role)) return [];
  throw new Error(`what ${role} holds of Cloud Storage is not known in __tests__/support/iam.ts`);
}

/**
 * IAM's condition language as far as the stacks use it: comparisons and `startsWith` of the resource's attributes,
 * joined by `&&` and `||`.
 * @throws on anything else, so that nothing counts as harmless that was not understood
 */
function holds(expression: string, { type, name, listPrefix = "" }: Request): boolean {
  const attributes: Record<string, string> = {
    "resource.name": name,
    "resource.type": `storage.googleapis.com/${type}`,
    "resource.service": "storage.googleapis.com",
    'api.getAttribute("storage.googleapis.com/objectListPrefix", "")': listPrefix,
  };
  const term = (text: string): boolean => {
    const [, not, attribute = "", start, operator, value] =
      /^(!?)(.+?)(?:\.startsWith\("([^"]*)"\)| (==|!=) "([^"]*)")$/.exec(text.trim()) ?? [];
    const actual = attributes[attribute];
    if (actual === undefined) throw new Error(`a condition that is not understood: ${text}`);
    const result =
      start === undefined ? (actual === value) === (operator === "==") : actual.startsWith(start);
    return not ? !result : result;
  };
  return expression.split(" || ").some((any) => any.split(" && ").every(term));
}

/**
 * Why Google's IAM refuses a policy with this member, as far as the member's text tells; undefined where it takes it.
 * Whether somebody has the account, only Google knows.
 *
 * @see https://cloud.google.com/iam/docs/principal-identifiers
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2 how an address is written, and 4.5.3.1 how long it may be
 */
export function refusalOfIam(member: string): string | undefined {
  const [kind = "", address = "", ...rest] = member.split(":");
  if (!address || rest.length) return 'Policy members must be of the form "<type>:<value>".';
  const [local = "", domain = "", ...more] = address.split("@");
  const labels = domain.split(".");
  const wellFormed =
    !more.length &&
    address === address.toLowerCase() &&
    address.length <= 254 &&
    local.length <= 64 &&
    local.split(".").every((atom) => /^[a-z0-9_%+'-]+$/.test(atom)) &&
    labels.length > 1 &&
    labels.every((label) => /^[a-z0-9-]{1,63}$/.test(label) && !/^-|-$/.test(label)) &&
    !/^\d*$/.test(labels.at(-1) ?? "");
  if (!wellFormed) return `Invalid argument: ${address} does not exist.`;
  const actual = `.${domain}`.endsWith(".gserviceaccount.com")
    ? "serviceAccount"
    : domain === "googlegroups.com"
      ? "group"
      : /^(gmail|googlemail)\.com$/.test(domain)
        ? "user"
        : undefined;
  if (actual ? actual !== kind : kind === "serviceAccount")
    return `Principal ${address} is of type "${actual ?? "user"}". The principal should appear as "${actual ?? "user"}:${address}".`;
  return undefined;
}
