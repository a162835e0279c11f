import { html } from "../../../tools/report/html";

test("every value is escaped, in text and in attributes", () => {
  const evil = `<script>alert("x")</script>' & co`;
  expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
    '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; &amp; co">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; &amp; co</p>',
  );
});

test("HTML within HTML is not escaped again, lists are put together, nothing is nothing", () => {
  expect(
    html`<ul>${["<", ">"].map((item) => html`<li>${item}</li>`)}</ul>${undefined}${false}${0}`.text,
  ).toBe("<ul><li>&lt;</li><li>&gt;</li></ul>0");
});

test("control characters, which HTML has no way to write, are replaced", () => {
  expect(html`${"a\u0000b\u001bc\td"}`.text).toBe("a\ufffdb\ufffdc\td");
});
