import { ref, Token, Tokenization } from "cdktf";
import { escapeText } from "../hcl/expression";

/**
 * A Terraform expression, as a token. All other text in props is text, `${` and `%{` included: only tokens are
 * expressions, and this makes one of what CDKTF has no words for.
 *
 * What the expression is made of is written out; values go in as Terraform values. A string becomes one between quotes,
 * escaped, with the references in it; a token alone becomes its expression; lists and objects may hold any of these.
 *
 * @returns for a prop that takes a string; `Token.asList(Token.asAny(…))` and the like make it another type
 * @see https://developer.hashicorp.com/terraform/language/expressions
 * @example
 * ```ts
 * const names = ["api", "worker"];
 * stack.output("both", { value: expression`join(", ", ${names})` });
 * stack.output("greeting", { value: `Text, not \${an expression}, and ${expression`length(${names})`} names` });
 * ```
 */
export function expression(source: TemplateStringsArray, ...values: readonly unknown[]): string {
  return Token.asString(ref(String.raw({ raw: source }, ...values.map(valueText))));
}

/** A token in a string, as CDKTF writes it. */
const TOKEN = /(\$\{TfToken\[[\w:.-]+\]\})/;

function valueText(value: unknown): string {
  if (typeof value === "string") return stringText(value);
  // CDKTF takes the first item of any list for the text of a token.
  const isPlainList = Array.isArray(value) && value.some((item) => typeof item !== "string");
  const [token] = isPlainList ? [] : Tokenization.reverse(value);
  if (token) return Token.asString(token);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${stringText(key)} = ${valueText(item)}`).join(", ")}}`;
}

function stringText(value: string): string {
  // Each second part is a token.
  const parts = value.split(TOKEN);
  const [before, token, after] = parts;
  if (parts.length === 3 && before === "" && after === "") return token as string;
  const texts = parts.map((part, index) => {
    if (index % 2 === 1) return `\${${part}}`;
    const text = escapeText(part.replace(/[$%](?=\{)/g, "$&$&"));
    // Before a token, `$` would escape what is meant to be an expression.
    return index < parts.length - 1 ? text.replace(/\$+$/, (dollars) => `\${"${dollars}"}`) : text;
  });
  return `"${texts.join("")}"`;
}
