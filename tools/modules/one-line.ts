/** An expression of literals and objects, as `valueToHcl` lays it out, on one line. */
export function onOneLine(expression: string): string {
  return expression
    .replace(/(\n\s*\S+) +=/g, "$1 =")
    .replace(/,\n\s*\]/g, "]")
    .replace(/\n\s*/g, (end, at: number, all: string) =>
      /[[{(,]$/.test(all.slice(0, at)) || /^[\]})]/.test(all.slice(at + end.length)) ? " " : ", ",
    );
}
