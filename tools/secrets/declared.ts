import { blocksOf, type TerraformJson } from "../../lib/core/terraform-json";
import { nearest } from "../../lib/input/explain";
import { CliError, EXIT } from "../command-line/errors";
import { findEnvironment, readProject } from "../command-line/project";

/** A secret as the program declares it. */
export interface DeclaredSecret {
  readonly environment: string;
  readonly secretId: string;
  readonly projectId: string;
  /** The stack that makes it, empty. */
  readonly stack: string;
  /** Who makes its values: people, or Terraform whenever the version in use is raised. */
  readonly madeBy: "people" | "terraform";
  /** Version in use, by cdktf.json. Undefined where the program uses none: whoever reads it takes the latest. */
  readonly version?: number;
  /** Days after which a value is due for rotation. */
  readonly rotationDays?: number;
}

/** The secrets of an environment, or of all, from the program as it synthesizes now. */
export function declaredSecrets(only?: string): DeclaredSecret[] {
  const project = readProject();
  if (only !== undefined) findEnvironment(project, only);
  const { synthesizeStacks } = require("../synthesis") as typeof import("../synthesis");
  const stacks = synthesizeStacks(project);
  return project.declared
    .filter(({ environment }) => only === undefined || environment === only)
    .flatMap(({ stack, environment }) => {
      const { secretVersions } = findEnvironment(project, environment);
      const released = project.secretVersions(environment);
      return secretsOf(stacks.get(stack) as TerraformJson).map(({ secret_id, project, rotation, made }) => {
        const version = made ? (secretVersions[secret_id] ?? 1) : released[secret_id];
        return {
          environment,
          secretId: secret_id,
          projectId: project,
          stack,
          madeBy: made ? "terraform" : "people",
          ...(version !== undefined && { version }),
          ...(rotation && { rotationDays: Number.parseInt(rotation.rotation_period, 10) / 86_400 }),
        };
      });
    });
}

/** @throws {CliError} with the name that may have been meant */
export function findSecret(environment: string, secretId: string): DeclaredSecret {
  const declared = declaredSecrets(environment);
  const found = declared.find((secret) => secret.secretId === secretId);
  if (found) return found;
  const ids = declared.map((secret) => secret.secretId);
  const meant = nearest(secretId, ids);
  const hint = meant ? `did you mean ${meant}?` : `there are: ${ids.join(", ")}`;
  throw new CliError(`${environment} has no secret ${JSON.stringify(secretId)}; ${hint}`, EXIT.usage);
}

interface SecretResource {
  readonly secret_id: string;
  readonly project: string;
  readonly rotation?: { readonly rotation_period: string };
  /** Terraform makes its versions. */
  readonly made: boolean;
}

/** The secrets that a stack makes. */
function secretsOf(json: TerraformJson): SecretResource[] {
  const blocks = blocksOf(json);
  const versions = blocks.filter(({ type }) => type === "google_secret_manager_secret_version");
  return blocks
    .filter(({ type }) => type === "google_secret_manager_secret")
    .map(({ address, args }) => ({
      ...(args as unknown as SecretResource),
      made: versions.some((version) => String(version.args["secret"]).includes(`${address}.`)),
    }));
}
