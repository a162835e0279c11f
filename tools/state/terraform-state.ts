import { z } from "zod";
import { CliError, EXIT } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";

/** A state that was read and cannot be used; the message says what to do about it. */
export class StateError extends CliError {
  constructor(
    message: string,
    readonly fault: "damaged" | "newer",
  ) {
    super(message, EXIT.state);
  }
}

/** An image that a release runs, as Terraform resolved it. */
export interface DeployedImage {
  /** Name and tag: `zig-api:alice`; the name alone where it was deployed by digest. */
  readonly name: string;
  /** `sha256:…` */
  readonly digest: string;
}

/**
 * Summary of a Terraform state. It holds no attribute beyond these, and no character that a terminal would obey: whoever may
 * deploy a stack may write anything into its state.
 */
export interface TerraformState {
  readonly terraformVersion: string;
  /** Counts the changes. */
  readonly serial: number;
  /** Addresses of what exists, data sources left out. None after a destroy. */
  readonly resources: readonly string[];
  /** Its output `url`. */
  readonly url?: string;
  readonly images: readonly DeployedImage[];
  /** Providers that Terraform would install and start for it, as `hashicorp/google`; of another registry with its name. */
  readonly providers: readonly string[];
}

const FORMAT = 4;
/** An image's name, with its tag or without. */
export const IMAGE_NAME = /^[a-z0-9][\w./-]*(?::[\w.-]{1,128})?$/;
const IMAGE_TYPE = "google_artifact_registry_docker_image";

const instance = z.object({
  index_key: z.union([z.string(), z.number()]).optional(),
  deposed: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});
const schema = z.object({
  version: z.literal(FORMAT),
  terraform_version: z.string(),
  serial: z.number(),
  outputs: z
    .record(z.string(), z.object({ value: z.unknown(), sensitive: z.boolean().optional() }))
    .default({}),
  resources: z
    .array(
      z.object({
        module: z.string().optional(),
        mode: z.string(),
        type: z.string(),
        name: z.string(),
        provider: z.string().optional(),
        instances: z.array(instance),
      }),
    )
    .nullish(),
});
type Resource = NonNullable<z.output<typeof schema>["resources"]>[number];

/**
 * Reads a state file of Terraform 0.12 or later.
 * @param where what to call it in messages: `gs://plue-terraform-state/staging-alice/default.tfstate`
 * @throws {StateError} when it is damaged, or of a format that this program does not know
 */
export function parseState(text: string, where: string): TerraformState {
  const value = parse(text, where);
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > FORMAT)
    throw new StateError(
      `${where} has state format ${version}, written by a newer Terraform; this program knows format ${FORMAT}: update the program`,
      "newer",
    );
  const { success, data } = schema.safeParse(value);
  if (!success) throw damaged(where, "it is JSON, but not a Terraform state");
  const resources = data.resources ?? [];
  const url = data.outputs["url"];
  return {
    terraformVersion: cleanLine(data.terraform_version, 30),
    serial: data.serial,
    resources: resources.filter(({ mode }) => mode === "managed").flatMap(addresses),
    ...(typeof url?.value === "string" && !url.sensitive ? { url: cleanLine(url.value) } : {}),
    images: resources.filter(({ mode, type }) => mode === "data" && type === IMAGE_TYPE).flatMap(imagesOf),
    providers: [...new Set(resources.flatMap(providerOf))].sort(),
  };
}

function parse(text: string, where: string): unknown {
  if (text.trim() === "") throw damaged(where, "it is empty");
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(where, "it is not complete JSON");
  }
}

function damaged(where: string, why: string): StateError {
  return new StateError(
    `${where} is damaged: ${why}. Terraform cannot read it either, so deploy nothing here before it is restored: ` +
      `"gcloud storage ls --all-versions ${where}" lists older versions, "gcloud storage cp" from one of them puts it back`,
    "damaged",
  );
}

function addresses({ module, type, name, instances }: Resource): string[] {
  return instances.map(({ index_key: key, deposed }) => {
    const index = key === undefined ? "" : `[${JSON.stringify(key)}]`;
    return cleanLine(
      `${module ? `${module}.` : ""}${type}.${name}${index}${deposed ? ` (deposed ${deposed})` : ""}`,
    );
  });
}

/** What `provider["registry.terraform.io/hashicorp/google"].billing` names; nothing for Terraform's own, or where it is missing: such a state Terraform refuses. */
function providerOf({ provider = "" }: Resource): string[] {
  const [, address = provider] =
    /^(?:module\.[^"]*\.)?provider\["([^"]+)"\](?:\.[\w-]+)?$/.exec(provider) ?? [];
  if (!address || address === "terraform.io/builtin/terraform") return [];
  return [cleanLine(address.replace(/^registry\.(terraform\.io|opentofu\.org)\//, ""), 100)];
}

function imagesOf({ instances }: Resource): DeployedImage[] {
  return instances.flatMap(({ attributes }) => {
    const { image_name: name, self_link: link } = attributes ?? {};
    const digest = typeof link === "string" ? link.split("@")[1] : undefined;
    // Looked up by digest, the name holds that.
    const image = typeof name === "string" ? name.replace(/@.*$/s, "") : "";
    return IMAGE_NAME.test(image) && digest && /^sha256:[0-9a-f]{1,64}$/.test(digest)
      ? [{ name: image, digest }]
      : [];
  });
}
