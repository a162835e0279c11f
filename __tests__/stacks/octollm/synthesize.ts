import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../../lib/core/app";
import { OctollmProject } from "../../../stacks/octollm";
import type { OctollmConfig } from "../../../stacks/octollm/config";
import { parseConfig } from "../../../stacks/octollm/config";
import { shared } from "../../support/shared";
import { Synthesized } from "../../support/synth";

export const FOLDER = "stacks/octollm";
const file = `${FOLDER}/cdktf.json`;

/** The committed configuration, with zones below the domain, which an installation knows once dev and staging are there. */
export const config: OctollmConfig = (() => {
  const committed = parseConfig(readFileSync(file, "utf8"), file);
  const nameServers = ["ns-cloud-a1.googledomains.com", "ns-cloud-a2.googledomains.com"];
  const delegations = { dev: { nameServers }, staging: { nameServers } };
  return { ...committed, prod: { ...committed.prod, delegations } };
})();

/** Every stack of the program, by name. Made once for all test files. */
export function synthesizeOctollm(of: OctollmConfig = config): Map<string, Synthesized> {
  const stacks = shared("octollm", of, () => {
    const outdir = mkdtempSync(join(tmpdir(), "octollm-"));
    try {
      const project = new OctollmProject(of, FOLDER);
      const app = createApp(outdir);
      project.declare(app);
      app.synth();
      return project.declared.map(({ stack }): [string, unknown] => [
        stack,
        JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")),
      ]);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });
  return new Map(stacks.map(([stack, json]) => [stack, new Synthesized(json as object)]));
}
