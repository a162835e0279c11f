import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformElement, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { createApp } from "../../lib/core/app";
import { Stack } from "../../lib/core/stack";
import { compileExamples, type Example, examplesIn, sourcesIn } from "../support/examples";
import { readFiles } from "../support/program";

const sources = ["lib", "stacks"].flatMap(sourcesIn);
const examples = sources.flatMap((file) => examplesIn(file));
const wrong: Example = {
  file: "lib/wrong.ts",
  line: 7,
  of: "Budget",
  code: 'const projectId = "acme";\nnew Budget(stack, "budget", { projectId, amount: "12" });',
};
const { problems, constructs, declare } = compileExamples(sources, [...examples, wrong]);

describe("examples in docstrings", () => {
  test("are there for every construct, except the stacks of a program, which nobody else makes", () => {
    const has = ({ file, name }: { file: string; name: string }) =>
      examples.some((example) => example.file === file && example.of === name);
    expect(constructs.filter(has).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["CloudSql", "ClusterPlatform", "EphemeralResource", "Stack"]),
    );
    const without = constructs.filter((construct) => !has(construct) && !isProgramStack(construct));
    expect(without).toEqual([]);
  });

  test("have the right types: one that has not is named by file and line", () => {
    const found = problems.filter((problem) => problem.startsWith("lib/wrong.ts:8: "));
    expect(found).not.toEqual([]);
    expect(problems.filter((problem) => !found.includes(problem))).toEqual([]);
  });

  test("whose code is not in a block are an error that says so", () => {
    const text = "/**\n * Text.\n *\n * @example new Budget();\n */\nexport class Budget {}\n";
    expect(() => examplesIn("lib/wrong.ts", text)).toThrow(
      "lib/wrong.ts:4: put the code of @example between",
    );
  });

  test.each(examples.map((example) => [example.of, example.file, example] as const))(
    "%s (%s): synthesizes to what it declares",
    (name, file, example) => {
      const outdir = mkdtempSync(join(tmpdir(), "plue-example-"));
      try {
        const app = createApp(outdir);
        const stack = new Stack(app, "host", { stateBucket: "acme-terraform-state" });
        new CloudflareProvider(stack, "cloudflare");
        new GoogleProvider(stack, "google");
        new HelmProvider(stack, "helm");
        new KubernetesProvider(stack, "kubernetes");
        new RandomProvider(stack, "random");
        declare(example, stack, app);
        app.synth();
        const type = classOf(file, name);
        const output = [...readFiles(outdir).values()].join();
        if (!(type.prototype instanceof Construct)) {
          expect(output).toContain('"output": {');
          return;
        }
        const made = app.node.findAll().filter((each) => each instanceof type && each !== stack);
        expect(made).not.toEqual([]);
        for (const construct of made)
          expect(addressesIn(construct).filter((id) => output.includes(`"${id}": {`))).not.toEqual([]);
      } finally {
        rmSync(outdir, { recursive: true, force: true });
      }
    },
  );
});

/** Names that a construct's parts have in the output: of a stack its own, which the manifest tells. */
function addressesIn(construct: Construct): string[] {
  if (TerraformStack.isStack(construct)) return [construct.node.id];
  return construct.node
    .findAll()
    .flatMap((each) => (TerraformElement.isTerraformElement(each) ? [each.friendlyUniqueId] : []));
}

function isProgramStack({ file, name }: { file: string; name: string }): boolean {
  return file.startsWith("stacks/") && classOf(file, name).prototype instanceof TerraformStack;
}

function classOf(file: string, name: string): new () => Construct {
  return require(resolve(file))[name];
}
