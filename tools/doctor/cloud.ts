import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { DeclaredStack, Project } from "../../lib/environments/system";
import { CliError } from "../command-line/errors";
import { findEnvironment } from "../command-line/project";
import { GoogleError, type GoogleFault, LOG_IN } from "../google/error";
import { ownDeployer } from "../state/own-deployer";
import { StateBucket } from "../state/state-bucket";
import type { Check } from "./tools";

/**
 * Application default credentials: what Terraform's provider and backend use. Looks at the machine only, calls nobody.
 * @param project or the reason why there is none
 */
export function checkCredentials(
  project: Project | Error,
  environment: NodeJS.ProcessEnv = process.env,
): Check {
  const named = environment["GOOGLE_APPLICATION_CREDENTIALS"];
  const file = named || defaultFile(environment);
  const check = { name: "credentials", needed: true };
  try {
    const found = whoseCredentials(JSON.parse(readFileSync(file, "utf8")));
    const deployers =
      project instanceof Error ? [] : project.declared.flatMap(({ owner }) => owner?.names ?? []);
    const deployer = deployers.find(({ deployerEmail }) => found === `acting as ${deployerEmail}`);
    if (!deployer) return { ...check, ok: true, found };
    return {
      ...check,
      ok: false,
      found: `${found}: ${deployer.stack} does that by itself, and asks for its tokens as you`,
      mend: LOG_IN,
    };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const found = missing ? `${file} is not there` : `${file} cannot be used: ${(error as Error).message}`;
    return {
      ...check,
      ok: false,
      found,
      mend: named ? `unset GOOGLE_APPLICATION_CREDENTIALS && ${LOG_IN}` : LOG_IN,
    };
  }
}

function defaultFile(environment: NodeJS.ProcessEnv): string {
  const windows = process.platform === "win32" ? join(environment["APPDATA"] ?? "", "gcloud") : undefined;
  const folder =
    environment["CLOUDSDK_CONFIG"] ?? windows ?? join(environment["HOME"] ?? homedir(), ".config", "gcloud");
  return join(folder, "application_default_credentials.json");
}

/** Says whose they are, and nothing that is secret. */
function whoseCredentials(credentials: Record<string, unknown>): string {
  const { type, client_email: email } = credentials;
  if (typeof type !== "string") throw new Error("it names no type of credentials");
  const account = impersonated(credentials);
  if (account) return `acting as ${account}`;
  return typeof email === "string" ? `${email} (${type})` : `your own (${type})`;
}

/** The service account that they impersonate. */
function impersonated({
  service_account_impersonation_url: url,
}: Record<string, unknown>): string | undefined {
  return /serviceAccounts\/([^:]+):/.exec(String(url))?.[1];
}

/** The service account that application default credentials impersonate; undefined where there is none, or no credentials. */
export function actingAs(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const file = environment["GOOGLE_APPLICATION_CREDENTIALS"] || defaultFile(environment);
  try {
    return impersonated(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Reads the state of the stack that everybody may read, engineers too.
 * @param project or the reason why there is none
 */
export async function checkBucket(project: Project | Error): Promise<Check> {
  const check = { name: "state bucket", needed: true };
  if (project instanceof Error)
    return { ...check, ok: false, found: `unknown: ${project.message}`, mend: "mend cdktf.json" };
  const { stack, environment } = project.declared.find((one) => one.stack === project.base) as DeclaredStack;
  const { stateBucket, projectId } = findEnvironment(project, environment);
  try {
    const read = async (actingAs?: string) =>
      (await new StateBucket(stateBucket, projectId, actingAs).stack(stack)).error;
    let error = await read();
    const deployer = error?.fault === "forbidden" ? await ownDeployer(project) : undefined;
    if (deployer) error = await read(deployer);
    if (error) throw error;
    return { ...check, ok: true, found: `gs://${stateBucket} is there and may be read` };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const mend =
      (error instanceof GoogleError && MENDING[error.fault]?.(project, environment)) || "npx plue status";
    return { ...check, ok: false, found: error.message, mend };
  }
}

const MENDING: Partial<Record<GoogleFault, (project: Project, environment: string) => string>> = {
  credentials: () => LOG_IN,
  forbidden: () => LOG_IN,
  missing: (project, environment) => `npx plue bootstrap ${project.stateOwner(environment)}`,
  network: () => "curl -sS https://storage.googleapis.com",
};
