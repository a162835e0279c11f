import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { TerraformVariable } from "cdktf";
import type { StackSource } from "../../../tools/policy/stack-source";
import { scanWithTflint } from "../../../tools/policy/tflint";
import { describeOnlyWith } from "../../support/needs";
import { sourcesOf } from "../../support/policy";

const [sound, bad] = sourcesOf({
  sound: (stack) => {
    new GoogleProvider(stack, "google", { project: "test" });
    new ServiceAccount(stack, "account", { accountId: "test-account" });
  },
  bad: (stack) => {
    new GoogleProvider(stack, "google", { project: "test" });
    new ServiceAccount(stack, "camelCase", { accountId: "test-account" });
    new TerraformVariable(stack, "unused", { type: "string", description: "Nothing reads it." });
  },
}) as [StackSource, StackSource];

describeOnlyWith("tflint", "tflint over stacks", () => {
  test("says nothing of a sound stack", async () => {
    expect(await scanWithTflint([sound])).toMatchObject({ findings: [], failures: [], scanned: 1 });
  });

  test("names the block in which it found something, and its place in the synthesized file", async () => {
    const { findings } = await scanWithTflint([sound, bad]);
    expect(findings.map(({ check, resource }) => [check, resource])).toEqual([
      ["terraform_naming_convention", "bad/google_service_account.camelCase"],
      ["terraform_unused_declarations", "bad/var.unused"],
    ]);
    const { file, startLine } = findings[0]?.location ?? {};
    expect(file).toBe("cdktf.out/stacks/bad/cdk.tf.json");
    expect(bad.text.split("\n")[(startLine as number) - 1]).toContain('"camelCase": {');
  });

  test("fails for a stack that it did not look at", async () => {
    const hidden = { ...sound, name: ".hidden" };
    const { scanned, findings, failures } = await scanWithTflint([sound, hidden]);
    expect({ scanned, findings, failures }).toEqual({
      scanned: 1,
      findings: [],
      failures: ["tflint did not scan .hidden: it overlooks an unused local that was put there"],
    });
  });

  test("fails for a stack that it cannot parse", async () => {
    const broken = { ...sound, hcl: { ...sound.hcl, "main.tf": "resource {{" } };
    const { findings, failures } = await scanWithTflint([broken]);
    expect(findings).toEqual([]);
    expect(failures).toEqual([expect.stringMatching(/^tflint gave no report: .*main\.tf/)]);
  });
});
