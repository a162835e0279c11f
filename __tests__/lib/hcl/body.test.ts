import { variableValuesToHcl } from "../../../lib/hcl/body";
import { renderModule } from "../../../lib/hcl/module";
import { pretendSchemas } from "../../support/pretend-schemas";

test("values of variables are text for text what they are", () => {
  expect(
    variableValuesToHcl({
      project_id: "p",
      text: "${not} an expression",
      sizes: { a: 1, long_name: [true] },
    }),
  ).toBe(`project_id = "p"
text       = "$\${not} an expression"

sizes = {
  a         = 1
  long_name = [true]
}
`);
});

describe("what HCL cannot say", () => {
  test.each<[string, object, string]>([
    [
      "a block that is none",
      { resource: { sdk_thing: { a: { block: 1 } } } },
      "sdk_thing.a: block: a block or a list of blocks belongs here, not 1",
    ],
    [
      "a key that is no name",
      { resource: { sdk_thing: { a: { "a b": 1 } } } },
      "sdk_thing.a: a b: not a name that HCL has for an argument or a block",
    ],
    [
      "a dynamic attribute",
      { resource: { sdk_thing: { a: { dynamic: { labels: { for_each: [], content: {} } } } } } },
      "sdk_thing.a: dynamic: labels is an attribute: there are dynamic blocks, but no dynamic attributes",
    ],
    ["a block type that Terraform does not have", { resources: {} }, "resources: no block type of Terraform"],
    [
      "a number that JSON does not have",
      { locals: { a: { b: Number.NaN } } },
      "local.a: a: NaN is not a number that Terraform has",
    ],
    [
      "a reference that is none",
      { output: { o: { value: 1, depends_on: ["a.b; c"] } } },
      'output.o: depends_on: "; c" is not an expression',
    ],
    [
      "a flush heredoc inside an expression",
      { locals: { a: "${f(<<-X\n  a\n  X\n)}" } },
      "local.a: a: the heredoc <<-X stands inside an expression: use <<X",
    ],
  ])("%s is an error that says where", (_, config, message) => {
    expect(() => renderModule({ ...config }, { schemas: pretendSchemas })).toThrow(message);
  });
});
