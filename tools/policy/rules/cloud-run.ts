import { argument } from "../../../lib/core/terraform-json";
import { holdsSecret } from "../../../lib/google/cloud-run/checks";
import { at, list, type Program, type Rule, resources, rule, type StackBlock } from "./rule";

const SERVICE = "google_cloud_run_v2_service";
/** What runs containers on Cloud Run: a job has a template in its template. */
const RUNS = /^google_cloud_run_v2_(service|job|worker_pool)$/;
/** By digest, or what the registry was asked for a tag's digest. */
const BY_DIGEST = /@sha256:[0-9a-f]{64}$|^\$\{data\.google_artifact_registry_docker_image\.\w+\.self_link\}$/;
/** The accounts that a project has by itself, with the right to nearly everything in it. */
const DEFAULT_ACCOUNT =
  /-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$|\bdata\.google_(compute|app_engine)_default_service_account\./;

export const CLOUD_RUN_RULES: readonly Rule[] = [
  rule("cloud-run-images-by-digest", {
    title: "Cloud Run runs images by digest",
    why: "A tag may be another image when the next instance starts, and no plan shows it.",
    *find(program) {
      for (const { block, container } of containers(program)) {
        const image = String(argument(container, "image"));
        if (!BY_DIGEST.test(image))
          yield at(block, `runs ${image}: name it by digest, @sha256:…, or look the digest of the tag up`);
      }
    },
  }),
  rule("cloud-run-services-are-checked", {
    title: "Every Cloud Run service has a health check",
    why: "Without one an instance gets requests as soon as its port is open, and keeps them when it hangs.",
    *find(program) {
      for (const { block, container } of containers(program, SERVICE)) {
        // One beside it has no port.
        if (argument(container, "ports") === undefined && containersOf(block).length > 1) continue;
        if (argument(container, "startup_probe") === undefined)
          yield at(block, "has no startup_probe: ask a path of it, a gRPC service or the port");
      }
    },
  }),
  rule("cloud-run-environment-is-plain", {
    title: "A secret comes to a container of Cloud Run by reference, in a version",
    why: "A plain variable stands in the code, in the state and in the console; and another version behind latest is in use from the next instance on, unseen.",
    *find(program) {
      for (const { block, container } of containers(program))
        for (const variable of list(argument(container, "env"))) {
          const name = String(argument(variable, "name"));
          const version = argument(variable, "value_source", "secret_key_ref", "version");
          if (argument(variable, "value_source") === undefined) {
            if (holdsSecret(name, String(argument(variable, "value") ?? "")))
              yield at(block, `has ${name} in plain: give it as value_source.secret_key_ref`);
          } else if (!/^\d+$|^\$\{/.test(String(version)))
            yield at(block, `has ${name} in version ${version ?? "latest"}: pin its number`);
        }
    },
  }),
  rule("cloud-run-has-its-own-identity", {
    title: "What runs on Cloud Run has an identity of its own",
    why: "The project's default account may do nearly everything in it, and whatever breaks into one service has that.",
    *find(program) {
      for (const block of resources(program, RUNS)) {
        const account = argument(templateOf(block), "service_account");
        if (account === undefined || DEFAULT_ACCOUNT.test(String(account)))
          yield at(
            block,
            `runs as ${account ?? "the project's default account"}: give it a service account of its own`,
          );
      }
    },
  }),
  rule("public-services-say-why", {
    title: "A Cloud Run service that anybody may call says why",
    why: "Everybody is the internet; whoever finds the service has to see that it is meant, and what protects it.",
    *find(program) {
      for (const block of resources(program, SERVICE)) {
        if (
          block.args["invoker_iam_disabled"] === true &&
          !/^Public: \S/.test(String(block.args["description"] ?? ""))
        )
          yield at(
            block,
            'may be called by anybody: give its description the reason, "Public: …", or name invokers',
          );
      }
    },
  }),
];

/** Every container of Cloud Run, and what it is in. */
function containers(program: Program, types: string | RegExp = RUNS) {
  return resources(program, types).flatMap((block) =>
    containersOf(block).map((container) => ({ block, container })),
  );
}

function containersOf(block: StackBlock): unknown[] {
  return list(argument(templateOf(block), "containers"));
}

function templateOf({ type, args }: StackBlock): unknown {
  return type.endsWith("_job") ? argument(args, "template", "template") : argument(args, "template");
}
