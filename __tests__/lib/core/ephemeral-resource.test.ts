import { Construct } from "constructs";
import { EphemeralResource } from "../../../lib/core/ephemeral-resource";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";

const password = (scope: Construct, id = "password") =>
  new EphemeralResource(scope, id, "random_password", { length: 32, special: false });

test("is an ephemeral block under its type and the path of its construct", () => {
  const { json } = synthesize((stack) => password(new Construct(stack, "admin")));
  const { "//": _, ...block } = json["ephemeral"].random_password.admin_password;
  expect(block).toEqual({ length: 32, special: false });
  expect(Object.keys(json)).not.toContain("resource");
});

test("several stand side by side", () => {
  const { json } = synthesize((stack) => [password(stack, "one"), password(stack, "two")]);
  expect(Object.keys(json["ephemeral"].random_password)).toEqual(["one", "two"]);
});

test("an attribute is a reference to it, also inside a longer string", () => {
  const stack = synthesize((stack) => {
    const value = password(stack).attribute("result");
    new DataResource(stack, "uses", { input: { whole: value, part: `x${value}` } });
  });
  expect(stack.resource("terraform_data", "uses")["input"]).toEqual({
    whole: "${ephemeral.random_password.password.result}",
    part: "x${ephemeral.random_password.password.result}",
  });
});

test("two with one address are an error that names both", () => {
  expect(() => synthesize((stack) => [password(stack, "a-b"), password(stack, "a_b")])).toThrow(
    "test/a_b: id: makes ephemeral.random_password.a_b, which test/a-b is",
  );
});
