import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "cdktf";
import { createApp } from "../../lib/core/app";
import { Stack } from "../../lib/core/stack";

// Jest maps every frame to its source, which makes them most of the time that a synthesis takes.

// Terraform JSON has no one shape; a test that reads a wrong path fails by itself.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Block = Record<string, any>;

/** Terraform JSON of one stack, with the look-ups that tests need. */
export class Synthesized {
  constructor(readonly json: Block) {}

  /** The arguments of one resource, without CDKTF's metadata. Throws, naming what is there, if it is not. */
  resource(type: string, id: string): Block {
    return pick(this.json["resource"], type, id);
  }

  data(type: string, id: string): Block {
    return pick(this.json["data"], type, id);
  }

  /** All resources of a type, by logical id. */
  resources(type: string): Record<string, Block> {
    return this.json["resource"]?.[type] ?? {};
  }

  /** Of every resource: `google_sql_user.admin`. */
  get addresses(): string[] {
    return Object.entries<Record<string, Block>>(this.json["resource"] ?? {}).flatMap(([type, named]) =>
      Object.keys(named).map((id) => `${type}.${id}`),
    );
  }

  get outputs(): Record<string, Block> {
    return this.json["output"] ?? {};
  }
}

function pick(section: Block | undefined, type: string, id: string): Block {
  const found = section?.[type]?.[id];
  if (!found) {
    const there = Object.entries(section ?? {}).flatMap(([t, named]) =>
      Object.keys(named).map((n) => `${t}.${n}`),
    );
    throw new Error(`no ${type}.${id}; there are: ${there.join(", ")}`);
  }
  const { "//": _, ...block } = found;
  return block;
}

/**
 * Builds one stack in an app of its own and synthesizes it through `app.synth()`: `Testing.synth` skips
 * prepareStack and validations, so it does not show what gets deployed.
 */
export function synthesize(build: (stack: Stack) => void, id = "test"): Synthesized {
  return synthesizeOne(id, (app) => build(new Stack(app, id, { stateBucket: "test-state" })));
}

/** One stack of an app, as `synthesize`. @param build declares it, and perhaps others */
export function synthesizeOne(id: string, build: (app: App) => void): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), "plue-test-"));
  try {
    const app = createApp(outdir);
    build(app);
    app.synth();
    return new Synthesized(JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
