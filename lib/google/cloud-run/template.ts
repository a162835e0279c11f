import { createHash } from "node:crypto";
import { DataGoogleArtifactRegistryDockerImage } from "@cdktf/provider-google/lib/data-google-artifact-registry-docker-image";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { expression } from "../../core/expression";
import { InvalidPropsError } from "../../core/invalid-props";
import type { RevisionProps, RunProps } from "./props";

/** Digits of a revision's hash: a name has 63 characters, and a service keeps a thousand revisions. */
const HASH_LENGTH = 8;
const SOCKETS = "cloudsql";

/** What Cloud Run's API fills in with who called it last. */
export const CALLER = ["client", "client_version"];
/** What it answers with the stage of what is really in use, whatever was asked for. */
export const STAGE = "launch_stage";

/** What the containers of services, jobs and worker pools have in common. */
export function containerOf(scope: Construct, props: RunProps) {
  return {
    image: imageByDigest(scope, props),
    command: props.command && [...props.command],
    args: props.args && [...props.args],
    env: environment(props),
    volumeMounts: props.databases?.length ? [{ name: SOCKETS, mountPath: "/cloudsql" }] : undefined,
  };
}

/** What their templates have in common. */
export function templateOf({ identity, databases = [], egress }: RunProps) {
  return {
    serviceAccount: identity.email,
    vpcAccess: egress && {
      egress: egress.allTraffic ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY",
      ...(egress.connector === undefined
        ? {
            networkInterfaces: [
              {
                network: egress.network.networkId,
                subnetwork: egress.subnet.id,
                tags: egress.tags && [...egress.tags],
              },
            ],
          }
        : { connector: egress.connector }),
    },
    // The API answers with it behind all other volumes.
    volumes: databases.length
      ? [{ name: SOCKETS, cloudSqlInstance: { instances: databases.map((each) => each.connectionName) } }]
      : undefined,
  };
}

/** What has to be there before a container starts. */
export function waitsFor({ identity: { grants } }: Pick<RunProps, "identity">) {
  return grants.length > 0 ? [...grants] : undefined;
}

/** Left out, the API answers with its own, and every plan has a change. */
export function limitsOf({ cpu, memory }: RunProps): Record<string, string> {
  return { cpu: String(cpu), memory };
}

/** A revision, as Terraform calls it. */
export interface Revision {
  readonly hash: string;
  /** `<service>-<hash>` */
  readonly name: string;
}

/** The revision that a template makes; none where a pipeline deploys too, and Cloud Run names them. */
export function revisionOf(
  { name, deployedBy }: RevisionProps & Pick<RunProps, "name">,
  template: object,
): Revision | undefined {
  if (deployedBy === "pipeline") return undefined;
  const hash = contentHash(template);
  return { hash, name: `${name}-${hash}` };
}

/** @throws where a pipeline deploys, too */
export function namedByTerraform(construct: Construct, revision: Revision | undefined): Revision {
  if (revision) return revision;
  const problem = 'is "pipeline", so Cloud Run names the revisions and Terraform knows none';
  throw new InvalidPropsError(construct.node.path, [
    { prop: ["deployedBy"], problem, instead: "leave it out, or ask Cloud Run" },
  ]);
}

/**
 * Hash of what a revision is made of, by which it is called: Cloud Run refuses a name that another revision has. What Terraform alone
 * knows goes into it when Terraform knows it.
 */
export function contentHash(template: object): string {
  const references: unknown[] = [];
  const text = JSON.stringify(template, (_, value: unknown) =>
    Token.isUnresolved(value) ? `reference ${references.push(value)}` : value,
  );
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
  if (references.length === 0) return hash;
  return expression`substr(sha256(jsonencode(${[hash, ...references]})), 0, ${HASH_LENGTH})`;
}

function imageByDigest(scope: Construct, { image }: RunProps): string {
  if (typeof image === "string") return image;
  const { registry, name, tag } = image;
  return new DataGoogleArtifactRegistryDockerImage(scope, "image", {
    project: registry.projectId,
    location: registry.location,
    repositoryId: registry.repositoryId,
    imageName: `${name}:${tag}`,
  }).selfLink;
}

/** By name, so that another order in the code is no other revision. */
function environment({ env = {}, secrets = {} }: RunProps) {
  const variables = [
    ...Object.entries(env).map(([name, value]) => ({ name, value })),
    ...Object.entries(secrets).map(([name, { secretId, version }]) => ({
      name,
      valueSource: { secretKeyRef: { secret: secretId, version: String(version) } },
    })),
  ];
  return variables.length ? variables.sort((a, b) => (a.name < b.name ? -1 : 1)) : undefined;
}
