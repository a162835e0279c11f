import type { Command } from "commander";
import { CliError, EXIT } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";
import { examples } from "../command-line/output";
import { IMAGE_NAME, type TerraformState } from "../state/terraform-state";
import { findStack, readStored } from "./step";

/** Registers `plue ci images`. */
export function registerImages(ci: Command): void {
  const command = ci
    .command("images")
    .description(
      "the digests that a stack's release runs, by its state, as plue ci apply --images takes them",
    )
    .argument("<stack>");
  examples(command, { "npx plue ci images production-app > previous.json": "before a deployment" });
  command.action(async (name: string) => {
    const { state } = await readStored(findStack(name), "apply");
    process.stdout.write(`${JSON.stringify(runningImages(state))}\n`);
  });
}

/** Digest of each image by its name: `{"zig-api": "sha256:…"}`, as the variable `image_digests` takes it. */
export type ImageDigests = Readonly<Record<string, string>>;

/** Images that a stack's release runs, from its state. */
export function runningImages(state: TerraformState | undefined): ImageDigests {
  return Object.fromEntries(
    (state?.images ?? []).map(({ name, digest }) => [name.replace(/:.*$/, ""), digest]),
  );
}

/**
 * @param where what to call the text in messages
 * @throws {CliError} when it is no map of names to digests, or an empty one
 */
export function parseImages(text: string, where: string): ImageDigests {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CliError(`${where} is not JSON: give what plue ci images prints, {"zig-api":"sha256:…"}`);
  }
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const images = isMap ? Object.entries(value as object) : [];
  const wrong = images.filter(
    ([name, digest]) => !IMAGE_NAME.test(name) || !/^sha256:[0-9a-f]{64}$/.test(String(digest)),
  );
  if (!isMap || wrong.length > 0)
    throw new CliError(
      `${where} is no map of images to digests${wrong.length ? ` (${wrong.map(([name]) => cleanLine(name)).join(", ")})` : ""}: ` +
        'a digest is "sha256:" and 64 hexadecimal digits',
    );
  if (images.length === 0)
    throw new CliError(
      `${where} names no image: there is no earlier release to go back to. Nothing was changed`,
      EXIT.refused,
    );
  return Object.fromEntries(images) as ImageDigests;
}
