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

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number | Html | undefined;
  /** Aligned to the right and not broken: an amount. */
  readonly numeric?: boolean;
}

export interface TableProps<Row> {
  /** What the table is about, above it and for screen readers. */
  readonly caption: string;
  /** The first one heads its row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Rows that sum others up. @default none */
  readonly isTotal?: (row: Row) => boolean;
}

/**
 * A table that scrolls by itself where it is wider than the page. On narrow screens the style sheet stacks its cells,
 * each under its column's title; the roles keep it a table for screen readers.
 */
export function table<Row>({ caption, columns, rows, isTotal = () => false }: TableProps<Row>): Html {
  const heads = columns.map(
    ({ title, numeric }) =>
      html`<th scope="col" role="columnheader"${numeric && html` class="n"`}>${title}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr role="row"${isTotal(row) && html` class="total"`}>${columns.map((column, index) => cell(column, row, index))}</tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">${body}</tbody></table></div>`;
}

function cell<Row>({ title, cell: content, numeric }: Column<Row>, row: Row, index: number): Html {
  const className = numeric && html` class="n"`;
  const shown = content(row);
  if (index === 0) return html`<th scope="row" role="rowheader"${className}>${shown}</th>`;
  return html`<td role="cell"${className}${shown !== "" && html` data-title="${title}"`}>${shown}</td>`;
}
