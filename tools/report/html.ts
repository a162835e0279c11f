const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML that needs no more escaping. */
export class Html {
  constructor(readonly text: string) {}
}

type Content = string | number | Html | undefined | false | readonly Content[];

/** HTML from a template, in which every value that is not HTML itself is escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

function render(value: Content): string {
  if (value instanceof Html) return value.text;
  if (value === undefined || value === false) return "";
  if (typeof value === "object") return value.map(render).join("");
  // Control characters are no HTML at all, escaped or not.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see above
  const text = String(value).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd");
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
