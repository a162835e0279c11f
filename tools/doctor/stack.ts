import { argument, blocksOf, type Stacks, type TerraformJson } from "../../lib/core/terraform-json";
import { placeholdersIn } from "../../lib/environments/placeholders";
import type { DeclaredStack, Project } from "../../lib/environments/system";
import type { EnvironmentFields } from "../../lib/input/configuration";
import { CliError } from "../command-line/errors";
import { EMULATOR, GoogleApi } from "../google/api";
import { explainGoogleError, faultOf, GoogleError, LOG_IN } from "../google/error";
import { SecretManager } from "../secrets/secret-manager";
import { StateBucket, type StoredStack } from "../state/state-bucket";
import { declaredProviders, foreignProviders } from "../terraform/providers";
import { actingAs } from "./cloud";
import { checkZone } from "./cloudflare";
import { checkPlaceholders } from "./configuration";
import { prerequisitesOf } from "./prerequisites";
import type { Check } from "./tools";

/** A stack as its checks see it. */
interface Subject {
  readonly project: Project;
  readonly declared: DeclaredStack;
  readonly fields: EnvironmentFields;
  readonly json: TerraformJson;
  /** Its `cdk.tf.json`. */
  readonly text: string;
  readonly stacks: Stacks;
  /** Tag of the images to look for. @default the one that the stack follows */
  readonly imageTag?: string;
}

/** What a deployment of one stack needs besides the machine, in the order in which it comes about. Changes nothing. */
export async function checkStack(
  project: Project,
  declared: DeclaredStack,
  imageTag?: string,
): Promise<Check[]> {
  const { synthesizeStacks } = require("../synthesis") as typeof import("../synthesis");
  const stacks = synthesizeStacks(project);
  const json = stacks.get(declared.stack) as TerraformJson;
  const fields = project.environments[declared.environment] as EnvironmentFields;
  const text = JSON.stringify(json);
  const subject = {
    project,
    declared,
    fields,
    json,
    text,
    stacks,
    ...(imageTag !== undefined && { imageTag }),
  };
  const states = await readStates(subject);
  return [
    checkPlaceholders(placeholdersIn(project.placeholders, declared.environment, subject.text)),
    ...checkIdentity(subject),
    ...states.checks,
    ...(await checkZone(json, states.own)),
    ...(await checkChannels(subject)),
    ...(await checkSecrets(subject)),
    ...(await checkImages(subject)),
  ];
}

/**
 * Whether who deploys is somebody whom the stack is not closed to. What a person may do, Google alone knows; an engineer's
 * stack acts as its deployer, whoever that is.
 */
function checkIdentity({ project, declared }: Subject): Check[] {
  const check = { name: "identity", needed: true };
  const { owner } = declared;
  if (owner)
    return [{ ...check, ok: true, found: `acts as ${owner.names.deployerEmail}, whoever deploys it` }];
  const account = actingAs();
  const whose = project.declared.find((other) => other.owner?.names.deployerEmail === account);
  if (account === undefined || !whose) return [];
  return [{ ...check, ok: false, found: `${account} may deploy ${whose.stack} alone`, mend: LOG_IN }];
}

/** The stack's own state, and those of the stacks that come before it. */
async function readStates({ project, declared, fields, json, stacks }: Subject): Promise<{
  readonly own?: StoredStack;
  readonly checks: Check[];
}> {
  const { stack, environment, owner } = declared;
  const checks: Check[] = [];
  const bucketOf = (name: string) => {
    const other = project.declared.find((one) => one.stack === name)?.environment ?? environment;
    const { stateBucket, projectId } = project.environments[other] as EnvironmentFields;
    // As the stack would read them.
    const bucket = new StateBucket(stateBucket, projectId, owner?.names.deployerEmail);
    return { environment: other, bucket };
  };
  try {
    const own = await bucketOf(stack).bucket.stack(stack);
    if (!owner && !own.state)
      checks.push({
        name: stack,
        needed: true,
        ok: false,
        found: own.error?.message ?? `has no state in gs://${fields.stateBucket}, not even an empty one`,
        mend: `npx plue bootstrap ${environment}`,
      });
    const foreign = foreignProviders(own.state, declaredProviders(json));
    if (foreign.length > 0)
      checks.push({
        name: stack,
        needed: true,
        ok: false,
        found: `its state names ${foreign.join(" and ")}, which Terraform would install and start`,
        mend: "docs/runbooks/foreign-provider.md",
      });
    for (const before of prerequisitesOf(declared, project, stacks)) {
      const { state, error } = await bucketOf(before).bucket.stack(before);
      const check = { name: before, needed: true, ok: false };
      if (error) {
        const mine = error.fault === "forbidden";
        checks.push({ ...check, needed: !mine, found: mine ? "not yours to read" : error.message });
      } else if (!state?.resources.length)
        checks.push({ ...check, found: "is not deployed yet", mend: `npx plue deploy ${before}` });
      else checks.push({ ...check, ok: true, found: "is deployed" });
    }
    return { own, checks };
  } catch (error) {
    // The check of the bucket has said what is wrong with it.
    if (!(error instanceof CliError)) throw error;
    if (error instanceof GoogleError && error.fault === "impersonation")
      checks.push({ name: "deployer", needed: true, ok: false, found: error.message });
    return { checks };
  }
}

/** Channels that are made by hand, and read by their display names. */
function checkChannels({ json, fields }: Subject): Promise<Check[]> {
  const wanted = blocksOf(json, ["data"])
    .filter(({ type }) => type === "google_monitoring_notification_channel")
    .map(({ args }) => ({ name: String(args["display_name"]), type: String(args["type"]) }));
  const api = new GoogleApi("monitoring", fields.projectId, EMULATOR, "v3");
  return checkEach("channel", wanted, fields, async ({ name, type }) => {
    const filter = encodeURIComponent(`type="${type}" AND display_name="${name}"`);
    const { notificationChannels = [] } = await api.call<{ notificationChannels?: object[] }>(
      `projects/${fields.projectId}/notificationChannels?filter=${filter}`,
    );
    return {
      ok: notificationChannels.length === 1,
      found: `${notificationChannels.length || "no"} ${type} channel called "${name}" in ${fields.projectId}`,
      mend: `https://console.cloud.google.com/monitoring/alerting/notifications?project=${fields.projectId}`,
    };
  });
}

/** Values of the secrets that the stack's release waits for. */
function checkSecrets({ project, declared, json, text, fields }: Subject): Promise<Check[]> {
  const released = json.resource?.["helm_release"] ? project.secretVersions(declared.environment) : {};
  const wanted = Object.entries(released).filter(([id]) => text.includes(id));
  return checkEach("secret", wanted, fields, async ([id, number]) => {
    const versions = await new SecretManager(fields.projectId).versions(id);
    const ok = versions.some((version) => version.number === number && version.state === "ENABLED");
    return {
      ok,
      found: `version ${number} of ${id} is ${ok ? "there" : "not there, or not enabled"}`,
      mend: `npx plue secrets ${number === 1 ? "set" : "rotate"} ${declared.environment} ${id}`,
    };
  });
}

/** Images behind the tags that the stack's release takes. */
function checkImages({ json, stacks, fields, imageTag }: Subject): Promise<Check[]> {
  const tag = imageTag ?? argument(json.variable?.["image_tag"], "default");
  const wanted = blocksOf(json, ["data"])
    .filter(({ type }) => type === "google_artifact_registry_docker_image")
    .flatMap(({ args }) => {
      const [, name] = /"([\w.-]+):\$\{var\.image_tag\}"/.exec(String(args["image_name"])) ?? [];
      return name ? [{ name, location: args["location"] }] : [];
    });
  const [registry] = [...stacks.values()]
    .flatMap((stack) => blocksOf(stack))
    .filter(
      ({ type, args }) =>
        type === "google_artifact_registry_repository" && args["project"] === fields.projectId,
    );
  const repository = registry?.args["repository_id"];
  const api = new GoogleApi("artifactregistry", fields.projectId, EMULATOR);
  return checkEach("image", wanted, fields, async ({ name, location }) => {
    const parent = `projects/${fields.projectId}/locations/${location}/repositories/${repository}`;
    const image = `${location}-docker.pkg.dev/${fields.projectId}/${repository}/${name}:${tag}`;
    const there = await exists(() => api.call(`${parent}/packages/${name}/tags/${tag}`));
    return {
      ok: there,
      found: `${image} is ${there ? "there" : "not there"}`,
      mend: `docker push ${image}`,
    };
  });
}

async function exists(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (faultOf(error) === "missing") return false;
    throw error;
  }
}

/** One check for each; what Google does not tell is said, and is no reason to stop. */
function checkEach<T>(
  name: string,
  wanted: readonly T[],
  { projectId }: EnvironmentFields,
  look: (one: T) => Promise<Pick<Check, "ok" | "found" | "mend">>,
): Promise<Check[]> {
  return Promise.all(
    wanted.map(async (one): Promise<Check> => {
      try {
        const { mend, ...check } = await look(one);
        return { name, needed: true, ...check, ...(!check.ok && mend && { mend }) };
      } catch (error) {
        const explained = explainGoogleError(error, { what: "look", projectId, role: "roles/viewer" });
        const [needed, found] =
          explained instanceof GoogleError
            ? [isMissing(explained), explained.why]
            : [true, explained.message];
        return { name, needed, ok: false, found };
      }
    }),
  );
}

/** What an API that is off, or nobody, holds is not there. */
function isMissing({ fault }: GoogleError): boolean {
  return fault === "disabled" || fault === "missing";
}
