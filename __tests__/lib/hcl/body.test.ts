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

const resource = (body: object) => ({ resource: { sdk_thing: { a: body } } });

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
      "sdk_thing.a: a b: not a name of an argument or a block: use letters, digits, _ and -, and start with a letter or _",
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
      "a resource whose name starts with a digit",
      { resource: { sdk_thing: { "1st": {} } } },
      "resource: sdk_thing: 1st: not a name: use letters, digits, _ and -, and start with a letter or _",
    ],
    ["an output whose name has a blank", { output: { "a b": { value: 1 } } }, "output: a b: not a name"],
    [
      "a provisioner whose type is no name",
      resource({ provisioner: { "": {} } }),
      "provisioner: : not a name",
    ],
    ["a local whose name is no name", { locals: { "a.b": 1 } }, "local.a.b: a.b: not a name of an argument"],
    [
      "an unknown block of terraform",
      { terraform: { encrypted: { a: 1 } } },
      "terraform: encrypted: the block terraform has backend, cloud, encryption, required_version, required_providers, provider_meta, experiments, language, and nothing else",
    ],
    [
      "an unknown block of an encryption",
      { terraform: { encryption: { key: {} } } },
      "terraform: encryption: key: the block encryption has key_provider, method, state, plan, remote_state_data_sources, and nothing else",
    ],
    [
      "an expression of an encryption that is none",
      { terraform: { encryption: { state: { method: "${method.}" } } } },
      'terraform: encryption: state: method: "method." is not an expression: a name is missing at the end',
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
