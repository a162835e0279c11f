import { type Html, html } from "./html";

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
