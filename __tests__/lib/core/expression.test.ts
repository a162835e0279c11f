import { Fn, TerraformLocal, TerraformVariable, Token } from "cdktf";
import { expression } from "../../../lib/core/expression";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";

/** What a local comes to that is declared with a variable at hand. */
function local(value: (variable: TerraformVariable) => unknown): unknown {
  const { json } = synthesize((stack) => {
    new TerraformLocal(stack, "l", value(new TerraformVariable(stack, "x", {})));
  });
  return json["locals"].l;
}

describe("expression", () => {
  test.each<[string, (variable: TerraformVariable) => unknown, string]>([
    [
      "what is written out",
      () => expression`length(keys(self.outputs)) == 0`,
      "${length(keys(self.outputs)) == 0}",
    ],
    [
      "text",
      () => expression`upper(${'a "b" \\ ${c} %{d}\n$${e}'})`,
      '${upper("a \\"b\\" \\\\ $${c} %%{d}\\n$$${e}")}',
    ],
    ["numbers, booleans and null", () => expression`f(${1}, ${true}, ${null})`, "${f(1, true, null)}"],
    ["a list of one object", () => expression`f(${[{ a: [1] }]})`, '${f([{"a" = [1]}])}'],
    ["lists", () => expression`f(${["a", 1, []]})`, '${f(["a", 1, []])}'],
    [
      "objects, without what is undefined",
      () => expression`f(${{ a: "b", "c d": { e: [] }, f: undefined, "${g}": {} }})`,
      '${f({"a" = "b", "c d" = {"e" = []}, "$${g}" = {}})}',
    ],
    ["a token", ({ stringValue }) => expression`upper(${stringValue})`, "${upper(var.x)}"],
    [
      "text with a token",
      ({ stringValue }) => expression`f(${`a "${stringValue}" $`})`,
      '${f("a \\"${var.x}\\" $")}',
    ],
    [
      "a token behind $",
      ({ stringValue }) => expression`f(${`$$${stringValue}`})`,
      '${f("${"$$"}${var.x}")}',
    ],
    ["a list's token", ({ listValue }) => expression`one(${listValue})`, "${one(var.x)}"],
    ["a number's token", ({ numberValue }) => expression`${numberValue} + 1`, "${var.x + 1}"],
    ["a map's token", ({ value }) => expression`keys(${Token.asStringMap(value)})`, "${keys(var.x)}"],
    [
      "a function's token",
      ({ listValue }) => expression`f(${Fn.element(listValue, 0)})`,
      "${f(element(var.x, 0))}",
    ],
    [
      "another expression",
      ({ fqn }) => expression`try(${`a@${expression`${fqn}["a"]`}`}, ${`a:${fqn}`})`,
      '${try("a@${var.x["a"]}", "a:${var.x}")}',
    ],
    ["an expression in text", () => `\${a} ${expression`b`} \${c`, "$${a} ${b} $${c"],
  ])("takes %s", (_, value, expected) => {
    expect(local(value)).toBe(expected);
  });

  test("may be an argument of CDKTF's functions, and of any type", () => {
    expect(local(() => Fn.join(",", Token.asList(Token.asAny(expression`var.y`))))).toBe(
      '${join(",", var.y)}',
    );
    const { json } = synthesize((stack) => {
      new DataResource(stack, "d", {
        input: { a: expression`var.y` },
        count: Token.asNumber(expression`f(1)`),
      });
    });
    expect(json["resource"].terraform_data.d).toMatchObject({ input: { a: "${var.y}" }, count: "${f(1)}" });
  });
});
