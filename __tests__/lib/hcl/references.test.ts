import { mapExpression, mapReferences, type Reference } from "../../../lib/hcl/references";

/** All references of a value, left as they are. */
function referencesIn(value: unknown): Reference[] {
  const found: Reference[] = [];
  mapReferences(value, (reference) => {
    found.push(reference);
    return undefined;
  });
  return found;
}

describe("references in templates", () => {
  test("are found with the constant part of what they want, at any depth and in any bracket", () => {
    expect(
      referencesIn({
        a: ["${google_sql_user.admin.name}", "x ${data.google_project.it.number} ${local.values}"],
        b: '${join("-", [module.net.ids["a b"], kubernetes_namespace_v1.it.metadata[0].name])}',
        c: "${google_compute_subnetwork.all[each.key].id} %{if var.on}${ephemeral.random_password.it.result}%{endif}",
      }),
    ).toEqual([
      { address: "google_sql_user.admin", attribute: ".name" },
      { address: "data.google_project.it", attribute: ".number" },
      { address: "local.values", attribute: "" },
      { address: "module.net", attribute: '.ids["a b"]' },
      { address: "kubernetes_namespace_v1.it", attribute: ".metadata[0].name" },
      { address: "google_compute_subnetwork.all", attribute: "" },
      { address: "each.key", attribute: "" },
      { address: "var.on", attribute: "" },
      { address: "ephemeral.random_password.it", attribute: ".result" },
    ]);
  });

  test("are not found in text, escaped sequences, functions or attributes", () => {
    expect(
      referencesIn('google_sql_user.admin.name, $${local.values}, ${length([])} ${file("a.b")}'),
    ).toEqual([]);
  });

  test("are replaced with their attributes, and nothing else changes", () => {
    const replace = ({ address, attribute }: Reference) =>
      address === "google_sql_user.admin" ? `module.sql.users["admin"]${attribute}` : undefined;
    expect(
      mapReferences(
        { text: 'a "b" \\ ${google_sql_user.admin.name}$${x} %{ if true ~} c %{ endif }', n: 1, none: null },
        replace,
      ),
    ).toEqual({
      text: 'a "b" \\ ${module.sql.users["admin"].name}$${x} %{if true~} c %{endif}',
      n: 1,
      none: null,
    });
    expect(mapExpression("google_sql_user.admin", replace)).toBe('module.sql.users["admin"]');
    expect(mapExpression("google_sql_user.admins", replace)).toBe("google_sql_user.admins");
  });

  test("leave a text without sequences untouched, byte for byte", () => {
    const text = '"quotes" \\n \n %% $5 {}';
    expect(mapReferences(text, () => "never")).toBe(text);
  });
});
