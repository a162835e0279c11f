import { argument } from "../../../lib/core/terraform-json";
import { at, list, type Rule, resources, rule, type StackBlock } from "./rule";

/** An argument that the API or the provider sets by itself, and what has to be written of it. */
interface Answer {
  readonly type: string;
  /** `database_encryption.state`; of blocks that may occur once. */
  readonly path: string;
  /** What is written where the argument is in the configuration: nothing of it may be compared, or only this value. */
  readonly write: "ignored" | "left out" | "written" | boolean;
  /** What happens otherwise. */
  readonly otherwise: string;
  /** Of which resources it holds. @default of those that write the argument */
  readonly where?: (block: StackBlock) => boolean;
}

const has = (path: string) => (block: StackBlock) => argument(block.args, ...path.split(".")) !== undefined;

const CLOUD_RUN = ["service", "job", "worker_pool"].map((kind) => `google_cloud_run_v2_${kind}`);
const always = () => true;

/** Found in the sources and changelogs of google 6.50 and later. */
const ANSWERS: readonly Answer[] = [
  ...CLOUD_RUN.flatMap((type) =>
    ["client", "client_version"].map(
      (path): Answer => ({
        type,
        path,
        write: "ignored",
        otherwise: "the API answers with who called it last, and every plan has a change",
        where: always,
      }),
    ),
  ),
  ...CLOUD_RUN.map(
    (type): Answer => ({
      type,
      path: `${type.endsWith("_job") ? "template." : ""}template.containers.resources.limits`,
      write: "written",
      otherwise: "the API answers with its own, and every plan has a change",
      where: always,
    }),
  ),
  ...["template.scaling.max_instance_count", "template.containers.resources.cpu_idle"].map(
    (path): Answer => ({
      type: "google_cloud_run_v2_service",
      path,
      write: "written",
      otherwise: "the API answers with its own, and every plan has a change",
      where: always,
    }),
  ),
  ...["google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool"].map(
    (type): Answer => ({
      type,
      path: "launch_stage",
      write: "ignored",
      otherwise: "the API answers with the stage of what is in use, and every plan has a change",
    }),
  ),
  {
    type: "google_cloud_run_v2_service",
    path: "scaling",
    write: "ignored",
    otherwise: "the API answers with a block of zeros, and every plan has a change",
    where: ({ args }) =>
      !argument(args, "scaling", "min_instance_count") && !argument(args, "scaling", "manual_instance_count"),
  },
  {
    type: "google_cloud_run_v2_worker_pool",
    path: "scaling.scaling_mode",
    write: "written",
    otherwise: "the API answers with its own, and every plan has a change",
    where: always,
  },
  {
    type: "google_cloud_scheduler_job",
    path: "http_target.headers",
    write: "ignored",
    otherwise: "the API adds one by which it logs in, and every plan has a change",
    where: (block) => has("http_target.oauth_token")(block) || has("http_target.oidc_token")(block),
  },
  {
    type: "google_container_cluster",
    path: "database_encryption.state",
    write: "ignored",
    otherwise: "GKE answers ALL_OBJECTS_ENCRYPTION_ENABLED, and every plan has a change",
  },
  {
    type: "google_container_cluster",
    path: "enable_l4_ilb_subsetting",
    write: true,
    otherwise: "unset means false, and taking it back where GKE has turned it on recreates the cluster",
    where: always,
  },
  {
    type: "google_container_cluster",
    path: "node_config",
    write: "ignored",
    otherwise: "GKE answers with another pool's, and the next plan recreates the cluster",
    where: (block) => has("node_config")(block) && block.args["remove_default_node_pool"] === true,
  },
  {
    type: "google_container_node_pool",
    path: "node_config.kubelet_config.cpu_cfs_quota",
    write: true,
    otherwise: "the provider sends false, and no CPU limit is enforced any more",
    where: has("node_config.kubelet_config"),
  },
  {
    type: "google_container_node_pool",
    path: "initial_node_count",
    write: "ignored",
    otherwise: "a change of the pool's least size recreates it",
  },
  {
    type: "google_artifact_registry_repository",
    path: "docker_config.immutable_tags",
    write: true,
    otherwise: "false is never sent, and may differ in the first plan: leave the block out",
  },
  {
    type: "google_compute_backend_service",
    path: "iap.oauth2_client_id",
    write: "ignored",
    otherwise: "of Google's own client the API answers a blank, and every plan has a change",
    where: (block) => has("iap.enabled")(block) && !has("iap.oauth2_client_id")(block),
  },
  {
    type: "google_secret_manager_secret",
    path: "rotation.next_rotation_time",
    write: "ignored",
    otherwise: "it moves by itself with every reminder",
  },
  {
    type: "google_sql_database_instance",
    path: "settings.connection_pool_config",
    write: "left out",
    otherwise: "false is a change in every plan",
  },
];

export const ANSWER_RULES: readonly Rule[] = [
  rule("second-plan-is-empty", {
    title: "What Google sets by itself is written as it answers, or ignored",
    why: "A plan that always has a change hides the one that matters, and some of these recreate what holds data.",
    *find(program) {
      for (const { type, path, write, otherwise, where = has(path) } of ANSWERS)
        for (const block of resources(program, type)) {
          if (!where(block)) continue;
          const value = argument(block.args, ...path.split("."));
          const right =
            write === "left out"
              ? value === undefined
              : write === "ignored"
                ? ignores(block, path)
                : write === "written"
                  ? value !== undefined
                  : value === write;
          if (!right)
            yield at(
              block,
              `${path} has to be ${typeof write === "string" ? write : `${write}`}: ${otherwise}`,
            );
        }
    },
  }),
];

/** Whether a resource's lifecycle ignores an argument, or a block around it. */
function ignores({ args }: StackBlock, path: string): boolean {
  const ignored = list(argument(args, "lifecycle", "ignore_changes")).map((each) =>
    String(each).replace(/\[0\]/g, ""),
  );
  return ignored.some((each) => each === "all" || path === each || path.startsWith(`${each}.`));
}
