import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import {
  Fn,
  Lazy,
  TerraformIterator,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
} from "cdktf";
import { expression } from "../../../lib/core/expression";
import { adopt } from "../../../lib/core/imports";
import { HclStack } from "../../../lib/hcl/hcl-stack";
import { DataResource } from "../../support/data-resource";
import fc from "../../support/properties";
import { plannedOutputs, testWithTerraform } from "../../support/terraform";

// Terraform's JSON has no one shape.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Json = any;

function jsonOf(declare: (stack: HclStack) => void): Json {
  return stackOf(declare).toTerraform();
}

function stackOf(declare: (stack: HclStack) => void): HclStack {
  const stack = new HclStack(Testing.app(), "s");
  declare(stack);
  stack.prepareStack();
  return stack;
}

/** Pieces that are something to Terraform, to HCL, to JSON or to CDKTF. */
const TEXT = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(..."${}%$~\"\\'# \n\r\t\uFEFFa1", "${", "%{", "$${", "%%{", "${x}"),
      },
      fc.constantFrom(
        "%{ if true }",
        "%{ endif }",
        '${file("/etc/passwd")}',
        "$$$${",
        "<<EOT\n",
        "EOT\n",
        "\\n",
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { maxLength: 9 },
  )
  .map((pieces) => pieces.join(""))
  // What CDKTF itself takes for a token, and Unicode that Terraform changes in any text.
  .filter((text) => !text.includes("TfToken[") && text.normalize("NFC") === text);

describe("text", () => {
  const text = "On-call %{prod} ${x}, $${y}";
  const escaped = "On-call %%{prod} $${x}, $$${y}";

  test("is escaped wherever Terraform reads a template", () => {
    const json = jsonOf((stack) => {
      new GoogleProvider(stack, "google", { project: text });
      const bucket = new StorageBucket(stack, "b", {
        name: text,
        location: "US",
        labels: { [text]: text },
        lifecycleRule: [{ action: { type: text }, condition: { matchesPrefix: [text] } }],
        lifecycle: { precondition: [{ condition: expression`true`, errorMessage: text }] },
      });
      bucket.addOverride("dynamic.cors", { for_each: [text], content: { method: [text] } });
      adopt(bucket, text);
      new TerraformLocal(stack, "l", { deep: [text, { [text]: Lazy.anyValue({ produce: () => text }) }] });
      new TerraformOutput(stack, "o", { value: text });
      stack.addOverride("check.health.assert", [{ condition: true, error_message: text }]);
      new TerraformVariable(stack, "v", {
        validation: [{ condition: expression`true`, errorMessage: text }],
      });
    });
    const { "//": _, ...bucket } = json.resource.google_storage_bucket.b;
    expect(bucket).toEqual({
      name: escaped,
      location: "US",
      labels: { [escaped]: escaped },
      lifecycle_rule: [{ action: { type: escaped }, condition: { matches_prefix: [escaped] } }],
      lifecycle: { precondition: [{ condition: "${true}", error_message: escaped }] },
      dynamic: { cors: { for_each: [escaped], content: { method: [escaped] } } },
    });
    expect(json.provider.google).toEqual([{ project: escaped }]);
    expect(json.locals).toEqual({ l: { deep: [escaped, { [escaped]: escaped }] } });
    expect(json.output.o.value).toBe(escaped);
    expect(json.check.health.assert).toEqual([{ condition: true, error_message: escaped }]);
    expect(json.import).toEqual([{ to: "google_storage_bucket.b", id: escaped }]);
    expect(json.variable.v.validation).toEqual([{ condition: "${true}", error_message: escaped }]);
  });

  test("stays as it is where Terraform reads it literally", () => {
    const json = jsonOf((stack) => {
      stack.addOverride("terraform.required_version", text);
      stack.addOverride("terraform.backend.gcs", { bucket: text });
      new TerraformVariable(stack, "v", { default: { a: [text] }, description: text });
      new TerraformOutput(stack, "o", { value: 1, description: text });
      stack.addOverride("module.m", { source: text, version: text, other: text });
    });
    expect(json.terraform).toMatchObject({ required_version: text, backend: { gcs: { bucket: text } } });
    expect(json.variable.v).toEqual({ default: { a: [text] }, description: text });
    expect(json.output.o.description).toBe(text);
    expect(json.module.m).toEqual({ source: text, version: text, other: escaped });
  });

  test("around a token is text, whatever it holds", () => {
    const json = jsonOf((stack) => {
      const { stringValue: x } = new TerraformVariable(stack, "x", {});
      const values = { open: `\${ ${x}`, closed: `\${${x}}`, price: `$${x} $$${x}`, percent: `%${x}%{}` };
      new TerraformLocal(stack, "l", values);
    });
    expect(json.locals.l).toEqual({
      open: "$${ ${var.x}",
      closed: "$${${var.x}}",
      price: '${"$"}${var.x} ${"$$"}${var.x}',
      percent: "%${var.x}%%{}",
    });
  });

  test("with a token where Terraform takes no expression is an error that names the place", () => {
    const declare = (stack: HclStack) => {
      const { stringValue } = new TerraformVariable(stack, "x", {});
      new TerraformVariable(stack, "y", { default: { a: `b ${stringValue}` } });
    };
    expect(() => jsonOf(declare)).toThrow(
      "s/y: default: Terraform takes no expression here, but text as it stands: ${var.x}",
    );
  });
});

describe("tokens", () => {
  test("of every kind are the expressions that they were", () => {
    const json = jsonOf((stack) => {
      const variable = new TerraformVariable(stack, "x", {});
      const list = TerraformIterator.fromList(variable.listValue);
      const one = new DataResource(stack, "one");
      new TerraformLocal(stack, "l", {
        call: Fn.join(", ", [variable.stringValue, "${x}"]),
        list: variable.listValue,
        number: variable.numberValue,
        sum: `is ${variable.numberValue}`,
        any: variable.value,
        resource: one.id,
        lazy: Lazy.stringValue({ produce: () => `\${${one.id}` }),
        dynamic: list.dynamic({ text: "${x}", value: list.value }),
        raw: Fn.rawString('a "${x}"'),
        [`\${${one.id}`]: 1,
      });
      new GoogleProvider(stack, "google");
      new StorageBucket(stack, "b", {
        name: "b",
        location: "US",
        lifecycleRule: list.dynamic({ action: { type: "${x}" }, condition: { age: list.value } }),
        dependsOn: [one],
      });
    });
    expect(json.locals.l).toEqual({
      call: '${join(", ", [var.x, "$${x}"])}',
      list: "${var.x}",
      number: "${var.x}",
      sum: "is ${var.x}",
      any: "${var.x}",
      resource: "${terraform_data.one.id}",
      lazy: "$${${terraform_data.one.id}",
      dynamic: '${[ for key, val in toset(var.x): {"text" = "$${x}", "value" = val}]}',
      raw: 'a "$${x}"',
      "$${${terraform_data.one.id}": 1,
    });
    expect(json.resource.google_storage_bucket.b).toMatchObject({
      dynamic: {
        lifecycle_rule: {
          for_each: "${toset(var.x)}",
          iterator: "each",
          content: { action: { type: "$${x}" }, condition: { age: "${each.value}" } },
        },
      },
      depends_on: ["terraform_data.one"],
    });
  });

  test("are found wherever CDKTF finds them, and what it refuses is refused in its words", () => {
    /** Of a value that a stack holds; what holds tokens names those of a variable of that stack. */
    const outcome = (stack: TerraformStack, value: (variable: TerraformVariable) => Json) => {
      try {
        new TerraformLocal(stack, "l", value(new TerraformVariable(stack, "x", {})));
        stack.prepareStack();
        return (stack.toTerraform() as Json).locals;
      } catch (error) {
        return /^.*/.exec((error as Error).message)?.[0].replace(/TfToken\[.*?\]|-\d[.\d]*e\+\d+/g, "");
      }
    };
    const known = [null, undefined, true, -5, 1.5, -1e300, 1e300, -123456789, "a", "1e5", "-1.5e+9", "e+"];
    const leaf = fc.oneof(
      fc.constantFrom(...known, "Any Map Token Value").map((known) => () => known),
      fc.constantFrom<((variable: TerraformVariable) => Json)[]>(
        (variable) => variable.stringValue,
        (variable) => variable.numberValue,
        (variable) => variable.booleanValue,
        (variable) => variable.listValue,
        (variable) => variable.value,
        (variable) => `of ${variable.numberValue} and ${variable.stringValue}`,
        (variable) => Token.asNumberList(variable),
        (variable) => Token.asStringMap(variable),
        (variable) => Token.asNumberMap(variable),
        (variable) => variable.listValue[0],
        (variable) => Lazy.anyValue({ produce: () => ({ of: [variable.stringValue, undefined] }) }),
        (variable) => variable,
        () => () => "a function",
      ),
    );
    const keys = fc.constantFrom("a", "b-c", "1e5", "resolves");
    const { value } = fc.letrec<{ value: (variable: TerraformVariable) => Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .array(tie("value"), { maxLength: 3 })
          .map((members) => (variable: TerraformVariable) => members.map((of) => of(variable))),
        fc
          .array(fc.tuple(fc.boolean(), keys, tie("value")), { maxLength: 3 })
          .map(
            (members) => (variable: TerraformVariable) =>
              Object.fromEntries(
                members.map(([isToken, key, of]) => [
                  isToken ? variable.stringValue + key : key,
                  of(variable),
                ]),
              ),
          ),
      ),
    }));
    fc.assert(
      fc.property(value, (value) => {
        const held = (variable: TerraformVariable) => ({ held: value(variable) });
        expect(outcome(new HclStack(Testing.app(), "s"), held)).toStrictEqual(
          outcome(new TerraformStack(Testing.app(), "s"), held),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("of another stack are an output there and a remote state here", () => {
    const app = Testing.app();
    const [one, other] = ["one", "other"].map((id) => new HclStack(app, id)) as [HclStack, HclStack];
    const { id } = new DataResource(one, "resource");
    new TerraformLocal(other, "l", { deep: [{ text: `is ${id}` }] });
    for (const stack of [one, other]) stack.prepareStack();
    const [output = ""] = Object.keys(one.toTerraform()["output"] as Json);
    const { locals, data } = other.toTerraform() as Json;
    const [state] = Object.keys(data.terraform_remote_state);
    expect(locals.l.deep[0].text).toBe(`is \${data.terraform_remote_state.${state}.outputs.${output}}`);
  });

  test("whose arguments CDKTF would not escape are an error", () => {
    expect(() => jsonOf((stack) => new TerraformLocal(stack, "l", Fn.upper("%{ if x }")))).toThrow(
      /CDKTF does not escape %\{ .* expression`…`/,
    );
  });
});

describe("what Terraform makes of text", () => {
  const options = { numRuns: 250 };
  const texts = fc.sample(TEXT, options);
  const stack = stackOf((stack) => {
    new TerraformLocal(stack, "x", "<x>");
    const x = expression`local.x`;
    for (const [index, text] of texts.entries()) {
      const { fqn } = new TerraformLocal(stack, `l${index}`, { [`a${text}`]: [text] });
      new TerraformOutput(stack, `o${index}`, {
        value: [text, `${text}${x}${text}`, fqn, expression`[${text}, ${`${text}${x}`}]`],
      });
    }
  });

  testWithTerraform.each(["JSON", "HCL"])("%s gives it back", (form) => {
    const { terraform: _, ...config } = stack.toTerraform();
    const { "versions.tf": __, "backend.tf": ___, ...hcl } = stack.toHclTerraform().files;
    const outputs = plannedOutputs(
      form === "JSON" ? { "main.tf.json": JSON.stringify(config) } : hcl,
    ) as Record<string, { value: unknown }>;
    for (const [index, text] of texts.entries())
      expect(outputs[`o${index}`]?.value).toEqual([
        text,
        `${text}<x>${text}`,
        { [`a${text}`]: [text] },
        [text, `${text}<x>`],
      ]);
  });
});
