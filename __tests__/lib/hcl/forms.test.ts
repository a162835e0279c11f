import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { publish } from "../../../lib/core/publish";
import { Stack } from "../../../lib/core/stack";
import { DataResource } from "../../support/data-resource";

const base = mkdtempSync(join(tmpdir(), "plue-forms-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Synthesizes a stack beside the output folder and puts it there, as the app command does. */
function synthesize(hclOutput: boolean): string {
  const [from, to] = [join(base, "partial"), join(base, "out")];
  const app = new App({ outdir: from, hclOutput, stackTraces: false });
  new DataResource(new Stack(app, "s", { stateBucket: "b" }), "one");
  app.synth();
  mkdirSync(to, { recursive: true });
  publish(from, to);
  rmSync(from, { recursive: true, force: true });
  return join(to, "stacks", "s");
}

test("a stack is in one form in the output folder, whichever was there before", () => {
  const folder = synthesize(false);
  writeFileSync(join(folder, ".terraform.lock.hcl"), "");
  const inJson = [".terraform.lock.hcl", "cdk.tf.json"];
  const inHcl = [".terraform.lock.hcl", "backend.tf", "main.tf", "metadata.json", "versions.tf"];
  expect(readdirSync(folder).sort()).toEqual(inJson);
  synthesize(true);
  expect(readdirSync(folder).sort()).toEqual(inHcl);
  synthesize(false);
  expect(readdirSync(folder).sort()).toEqual(inJson);
});
