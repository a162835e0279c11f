import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stacks, TerraformJson } from "../../lib/core/terraform-json";
import { outputIn } from "./compare-outputs";

/**
 * Reads what a synthesis wrote.
 *
 * @param folder of a synthesis, or one that holds `cdktf.out`
 * @throws when it is none, or holds HCL, which is not read here
 */
export function readStacks(folder: string): Stacks {
  const outdir = outputIn(folder);
  if (!outdir) throw new Error(`${folder} holds no synthesized stacks; npm run synth writes them`);
  const { stacks } = parse(join(outdir, "manifest.json")) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return new Map(
    Object.entries(stacks ?? {}).map(([name, { synthesizedStackPath }]) => {
      const path = join(outdir, synthesizedStackPath);
      if (!path.endsWith(".json"))
        throw new Error(`${path} is HCL; synthesize to JSON (npm run synth) to compare.`);
      return [name, parse(path) as TerraformJson];
    }),
  );
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`${file} cannot be read; synthesize again (npm run synth).`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON; synthesize again (npm run synth).`);
  }
}
