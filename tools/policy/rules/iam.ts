import { saysPublic } from "../../../lib/core/labels";
import { argument } from "../../../lib/core/terraform-json";
import { ACTING_AS } from "../../../lib/environments/registry";
import { membersOf, unknownMember } from "./iam-members";
import {
  at,
  engineersStacks,
  leaves,
  list,
  type Rule,
  rendered,
  resources,
  rule,
  type StackBlock,
} from "./rule";

/** Grants of Google's IAM, on whatever resource. */
const GRANT = /^google_\w+_iam_(member|binding|policy)$/;
/** Resource types that grant access: Google's IAM, its identities and custom roles, logins to databases, rights in the whole cluster. */
const ACCESS =
  /^google_(\w+_)?iam_|^google_service_account|^google_storage_\w*(acl|access_control)$|^google_sql_user$|^kubernetes_cluster_role/;
/** Grants on all that a project, or more than a project, holds. */
const WIDE_GRANT = /^google_(project|folder|organization)_iam_(member|binding)$/;

/** Roles that open more than one thing where they are granted on a project, and where to grant them instead. */
const TOO_WIDE: Readonly<Record<string, string>> = {
  "roles/secretmanager.secretAccessor": "the secret (google_secret_manager_secret_iam_member)",
  "roles/secretmanager.secretVersionManager": "the secret (google_secret_manager_secret_iam_member)",
  "roles/iam.serviceAccountTokenCreator": "the service account (google_service_account_iam_member)",
  "roles/iam.workloadIdentityUser": "the service account (google_service_account_iam_member)",
  "roles/cloudkms.cryptoKeyEncrypterDecrypter": "the key (google_kms_crypto_key_iam_member)",
  "roles/cloudkms.signer": "the key (google_kms_crypto_key_iam_member)",
  "roles/cloudkms.signerVerifier": "the key (google_kms_crypto_key_iam_member)",
  "roles/cloudkms.cryptoKeyDecrypter": "the key (google_kms_crypto_key_iam_member)",
  "roles/storage.objectViewer": "the bucket or managed folder",
  "roles/storage.objectUser": "the bucket or managed folder",
  "roles/storage.objectAdmin": "the bucket or managed folder",
  "roles/artifactregistry.writer": "the repository (google_artifact_registry_repository_iam_member)",
  "roles/bigquery.dataEditor": "the dataset (google_bigquery_dataset_iam_member)",
  "roles/pubsub.publisher": "the topic (google_pubsub_topic_iam_member)",
  "roles/pubsub.subscriber": "the subscription (google_pubsub_subscription_iam_member)",
  "roles/run.invoker": "the service (google_cloud_run_v2_service_iam_member)",
};

/** Roles by which one gives oneself all others, and what to do instead. */
const GIVES_ALL: Readonly<Record<string, string>> = {
  "roles/iam.roleAdmin":
    "declare custom roles in a -bootstrap stack, which people deploy, and grant no right to change them",
  "roles/iam.organizationRoleAdmin":
    "declare custom roles in a -bootstrap stack, which people deploy, and grant no right to change them",
  "roles/iam.securityAdmin":
    "grant roles/resourcemanager.projectIamAdmin with a condition on the roles that may be granted",
  "roles/resourcemanager.projectIamAdmin":
    "add a condition on the roles that may be granted, api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([…])",
};

/** Roles that a condition can narrow to one database instance. */
const BY_INSTANCE = new Set(["roles/cloudsql.client", "roles/cloudsql.instanceUser"]);

export const IAM_RULES: readonly Rule[] = [
  rule("no-primitive-roles", {
    title: "Nobody is owner, editor or viewer of a project",
    why: "They hold thousands of permissions each, and more whenever Google adds a service.",
    *find(program) {
      for (const block of resources(program, GRANT))
        if (/^roles\/(owner|editor|viewer|admin|writer|reader)$/.test(String(block.args["role"])))
          yield at(
            block,
            `grants ${block.args["role"]}: grant the predefined role of the one service it is about, on the resource itself`,
          );
    },
  }),
  rule("no-public-members", {
    title: "Nothing is granted to everybody, but the objects of a bucket that says it is public",
    why: "allUsers is the internet, allAuthenticatedUsers whoever has a Google account.",
    *find(program) {
      const open = resources(program, "google_storage_bucket").filter(({ args }) => saysPublic(args));
      const isMeant = ({ stack, type, args }: StackBlock) =>
        type === "google_storage_bucket_iam_member" &&
        // Which reads what it knows the name of, and lists nothing.
        args["role"] === "roles/storage.legacyObjectReader" &&
        open.some(
          (bucket) =>
            bucket.stack === stack &&
            String(args["bucket"]) === `\${google_storage_bucket.${bucket.name}.name}`,
        );
      // A bucket's ACL has "READER:allUsers", a policy both in a text.
      for (const block of resources(program).filter((block) => !isMeant(block)))
        for (const { path, value } of leaves(block.args))
          if (/\ball(Authenticated)?Users\b/.test(String(value)))
            yield at(block, `${path.join(".")} is ${value}: name a group, a service account or a person`);
    },
  }),
  rule("known-members", {
    title: "Every IAM member comes from the configuration, the registry or an identity of these stacks",
    why: "Who is written into a stack by hand stays when she leaves, and no review of the registry shows her.",
    *find(program) {
      const declared = accountsOf(program);
      for (const block of resources(program, GRANT))
        for (const member of membersOf(block.args)) {
          const why = member.startsWith("all") ? undefined : unknownMember(member, program, declared);
          if (why) yield at(block, `member ${member}: ${why}`);
        }
    },
  }),
  rule("no-service-account-keys", {
    title: "No identity has a key",
    why: "A key does not expire and works for whoever finds it; it also stands in the state.",
    *find(program) {
      for (const mode of ["resource", "data"] as const)
        for (const block of resources(
          program,
          /^google_(service_account_key|storage_hmac_key|apikeys_key)$/,
          mode,
        ))
          yield at(
            block,
            "makes a key: use Workload Identity in the cluster, federation for workflows, impersonation for people",
          );
    },
  }),
  rule("grants-are-additive", {
    title: "A grant adds one member and leaves the others alone",
    why: "An IAM policy, and a binding of a predefined role, takes the role from everybody who is not listed, Google's own agents included.",
    *find(program) {
      for (const block of resources(program, GRANT)) {
        const role = String(block.args["role"]);
        if (block.type.endsWith("_iam_policy"))
          yield at(block, "replaces the whole IAM policy: write a google_…_iam_member for each grant");
        else if (block.type === "google_project_iam_binding" && role.startsWith("roles/"))
          yield at(
            block,
            `owns all of ${role} in the project: write a google_project_iam_member for each member`,
          );
      }
    },
  }),
  rule("no-project-wide-access", {
    title: "What opens secrets, keys, objects or identities is granted on the one that is meant",
    why: "Granted on a project it opens every one there is, and those that are made later.",
    *find(program) {
      for (const block of resources(program, WIDE_GRANT)) {
        const on = TOO_WIDE[String(block.args["role"])];
        if (on && !argument(block.args, "condition", "expression"))
          yield at(block, `grants ${block.args["role"]} on a whole project or more: grant it on ${on}`);
      }
    },
  }),
  rule("no-rights-to-all-rights", {
    title: "Nobody may give herself every right in a project",
    why: "Who may grant any role, or put any permission into a custom role that she holds, has them all.",
    *find(program) {
      for (const block of resources(program, WIDE_GRANT)) {
        const role = String(block.args["role"]);
        const instead = GIVES_ALL[role];
        const bound = /modifiedGrantsByRole/.test(
          String(argument(block.args, "condition", "expression") ?? ""),
        );
        if (instead && !bound) yield at(block, `grants ${role}: ${instead}`);
      }
      for (const block of resources(program, /^google_(project|organization)_iam_custom_role$/))
        for (const { value } of leaves(block.args["permissions"]))
          if (/^iam\.roles\.(create|update)$|^resourcemanager\.\w+\.setIamPolicy$/.test(String(value)))
            yield at(block, `holds ${value}: leave it out, and have people deploy what needs it`);
    },
  }),
  rule("sql-access-by-condition", {
    title: "Who may connect to databases may connect to one instance",
    why: "The role is granted on the project, as Cloud SQL has no finer place; without a condition it opens every instance.",
    *find(program) {
      for (const block of resources(program, WIDE_GRANT)) {
        if (!BY_INSTANCE.has(String(block.args["role"]))) continue;
        const expression = String(argument(block.args, "condition", "expression") ?? "");
        if (!/resource\.name == "projects\/[^"]+\/instances\/[^"]+"/.test(expression))
          yield at(
            block,
            `grants ${block.args["role"]} without naming an instance: add a condition resource.name == "projects/<project>/instances/<instance>"`,
          );
      }
    },
  }),
  rule("engineers-grant-nothing", {
    title: "An engineer's stack decides nobody's rights",
    why: "Whoever deploys it could give herself more: rights are staging-access's, which the platform team deploys.",
    *find(program) {
      const engineers = engineersStacks(program);
      for (const block of [...resources(program, ACCESS), ...rendered(program, /^ClusterRole(Binding)?$/)])
        if (engineers.has(block.stack))
          yield at(
            block,
            "decides who may do what, in an engineer's stack: declare it in staging-access, from the registry",
          );
    },
  }),
  rule("engineers-stacks-act-as-deployers", {
    title: "An engineer's stack acts as its deployer, whoever runs it",
    why: "She writes its state and Helm's records: what they say is done by whoever destroys it, were that an administrator.",
    *find({ project, stacks }) {
      for (const { stack, owner } of project.declared) {
        const json = stacks.get(stack);
        if (!owner || !json) continue;
        const { deployerEmail } = owner.names;
        const acting = `\${var.${ACTING_AS}}`;
        if (argument(json["terraform"], "backend", "gcs", "impersonate_service_account") !== deployerEmail)
          yield {
            stack,
            address: "terraform.backend",
            message: `reads and writes the state as whoever runs it: set impersonate_service_account to ${deployerEmail}`,
          };
        const variable = json.variable?.[ACTING_AS] ?? {};
        const bound = String(argument(variable["validation"], "condition")).startsWith(
          `\${contains(["${deployerEmail}", `,
        );
        if (variable["default"] !== deployerEmail || !bound)
          yield {
            stack,
            address: `var.${ACTING_AS}`,
            message: "may be somebody else than the deployer: declare it with actingIdentity",
          };
        for (const [name, blocks] of Object.entries(json.provider ?? {}))
          for (const block of list(blocks))
            if (!actsAs(name, block, acting))
              yield {
                stack,
                address: `provider.${name}`,
                message: `acts as whoever runs it, or is not known here: give it impersonate, ${acting}`,
              };
      }
    },
  }),
  rule("no-role-makes-database-users", {
    title: "No custom role makes or changes database users",
    why: "Cloud SQL knows no rights below an instance: who may make a user may set the administrator's password, and be it.",
    *find(program) {
      for (const block of resources(program, /^google_(project|organization)_iam_custom_role$/))
        for (const permission of leaves(block.args["permissions"]))
          if (/^cloudsql\.users\.(create|delete|update)$/.test(String(permission.value)))
            yield at(
              block,
              `holds ${permission.value}: make the user in the stack that makes its identity, as who applies that (roles/cloudsql.admin)`,
            );
    },
  }),
  rule("federation-is-bound", {
    title: "A workload identity pool takes tokens of one repository",
    why: "Its issuer signs tokens for every repository of GitHub; the provider has to tell them apart.",
    *find(program) {
      for (const block of resources(program, "google_iam_workload_identity_pool_provider"))
        if (!/\bassertion\.repository(_id)? == "/.test(String(block.args["attribute_condition"])))
          yield at(
            block,
            'has no attribute_condition on the repository: add assertion.repository == "<owner>/<name>"',
          );
    },
  }),
];

/** Whether a provider does what it does as a service account, whoever's credentials there are. */
function actsAs(provider: string, block: unknown, account: string): boolean {
  switch (provider) {
    case "google":
    case "google-beta":
      return argument(block, "impersonate_service_account") === account;
    case "kubernetes":
    case "helm": {
      const exec = argument(block, ...(provider === "helm" ? ["kubernetes"] : []), "exec");
      return (
        argument(exec, "command") === "gke-gcloud-auth-plugin" &&
        JSON.stringify(argument(exec, "args")) ===
          JSON.stringify([`--impersonate_service_account=${account}`])
      );
    }
    default:
      return false;
  }
}

/** E-mail addresses of the service accounts that the stacks make. */
function accountsOf(program: Parameters<Rule["check"]>[0]): ReadonlySet<string> {
  return new Set(
    resources(program, "google_service_account").map(
      ({ args }) => `${args["account_id"]}@${args["project"]}.iam.gserviceaccount.com`,
    ),
  );
}
