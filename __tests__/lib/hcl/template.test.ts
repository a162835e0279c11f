import { templateText } from "../../../lib/hcl/template";

test("a template comes to its text, with what its expressions do", () => {
  const asked: string[] = [];
  const text = templateText(
    'a $${b} %%{ c } ${ var.d } ${"$"}${local.e["f"]}${"\\r\\n"} $ %',
    (expression) => {
      asked.push(expression);
      return `<${asked.length}>`;
    },
  );
  expect(asked).toEqual(["var.d", 'local.e["f"]']);
  expect(text).toBe("a ${b} %{ c } <1> $<2>\r\n $ %");
});
