import type { Synthesized } from "./synth";

type Block = Record<string, unknown>;

/**
 * What a stack makes and reads, for a person to review: by type, what each is called by the API it goes to, or its
 * logical id where that is not known before. Grants are told as "role to member".
 */
export function inventory({ json }: Synthesized): Record<string, string[]> {
  const sections = { resource: "", data: "data.", ephemeral: "ephemeral." };
  return Object.fromEntries(
    Object.entries(sections).flatMap(([section, prefix]) =>
      Object.entries<Record<string, Block>>(json[section] ?? {}).map(([type, named]) => [
        prefix + type,
        Object.entries(named).map(([id, block]) => grant(block) ?? called(block) ?? id),
      ]),
    ),
  );
}

/** How many resources a stack has. */
export function countResources({ json }: Synthesized): number {
  return Object.values<object>(json["resource"]).reduce((sum, named) => sum + Object.keys(named).length, 0);
}

function grant({ role, member, members }: Block): string | undefined {
  if (typeof role !== "string") return undefined;
  return `${role} to ${member ?? (members as string[]).join(", ")}`.replace(/\$\{([^}]*)\}/g, "$1");
}

/** Arguments that say what something is called, the one that says it best first. */
const NAMES = [
  "image_name",
  "name",
  "account_id",
  "secret_id",
  "repository_id",
  "display_name",
  "service",
  "setting_id",
  "role_id",
];

function called(block: Block): string | undefined {
  const named = (block["metadata"] ?? block) as Block;
  const name = NAMES.map((key) => named[key]).find((value): value is string => typeof value === "string");
  // A variable is an image's tag; any other reference hides a name.
  return name && /\$\{(?!var\.)/.test(name) ? undefined : name;
}
