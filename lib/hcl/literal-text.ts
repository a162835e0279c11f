import { randomBytes } from "node:crypto";
import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  StringConcat,
  type TerraformStack,
  Tokenization,
  type TokenizedStringFragments,
} from "cdktf";
import { rawString, ref } from "cdktf/lib/tfExpression";
import { valueStrings } from "./module-strings";
import { HclError } from "./tokens";
import type { ValueKind } from "./value";

/** Letters drawn anew in every run, which so are in nobody's text. */
const MARK = String.fromCharCode(...randomBytes(20).map((byte) => 97 + (byte % 26)));
/** Around a token's expression while its configuration is put together. All that is outside of marks is text. */
const [OPEN, CLOSE] = [`<${MARK}>`, `</${MARK}>`];
const MARKED = new RegExp(`${OPEN}(.*?)${CLOSE}`, "s");

type Class = new (...args: never) => IResolvable;
// CDKTF exports none of the classes of its expressions: references, function calls, operators, and text in quotes.
const Reference = ref("").constructor as Class;
const Expression = Object.getPrototypeOf(Reference) as Class;
const RawString = rawString("").constructor as Class;

/** Marks the expressions among what tokens stand for, lists and numbers included. */
class MarkingResolver extends DefaultTokenResolver {
  override resolveToken(
    token: IResolvable,
    context: IResolveContext,
    postProcessor: IPostProcessor,
  ): unknown {
    const isInside = context.suppressBraces;
    if (!isInside && token instanceof RawString) return token.toString();
    const value: unknown = super.resolveToken(token, context, postProcessor);
    if (isInside || !(token instanceof Expression) || typeof value !== "string" || !/^\$\{.*\}$/s.test(value))
      return value;
    if (!(token instanceof Reference) && /(?<!%)%\{/.test(value))
      throw new Error(
        `CDKTF does not escape %{ in the arguments of its functions, so ${value} would be a template: write the expression with expression\`…\` of lib/core/expression.ts.`,
      );
    return `${OPEN}${value}${CLOSE}`;
  }

  /** A token beside text with `${` in it is not inside of an expression. */
  override resolveString(fragments: TokenizedStringFragments, context: IResolveContext): unknown {
    context.ignoreEscapes = true;
    return super.resolveString(fragments, context);
  }
}

const RESOLVER = new MarkingResolver(new StringConcat());

/** What tokens stand for, in place of them; `readString` has yet to read its strings. */
export function resolveMarked(stack: TerraformStack, value: unknown): unknown {
  return Tokenization.resolve(value, { scope: stack, resolver: RESOLVER });
}

/**
 * A string of a resolved configuration as Terraform has to read it for the same: where that is as a template, what is
 * no token's expression is escaped.
 *
 * @throws HclError for an expression where Terraform reads text
 */
export function readString(marked: string, kind: ValueKind): string {
  if (kind === "template") return template(marked);
  if (!marked.includes(OPEN)) return marked;
  if (kind === "source" || kind === "type") return marked.replaceAll(OPEN, "").replaceAll(CLOSE, "");
  const expression = MARKED.exec(marked)?.[1];
  throw new HclError(`Terraform takes no expression here, but text as it stands: ${expression}`);
}

/** A value with the tokens in it as Terraform has to read it where all strings are templates. */
export function resolveTemplates(stack: TerraformStack, value: unknown): unknown {
  return valueStrings(resolveMarked(stack, value), template);
}

function template(marked: string): string {
  if (!/[$%]\{|^\uFEFF/.test(marked)) return marked;
  // Each second part is an expression.
  const parts = marked.split(MARKED);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const isBeforeExpression = index < parts.length - 1;
      // At its start Terraform drops this character.
      const start = index === 0 && part.startsWith("\uFEFF") ? `\${""}` : "";
      return start + escapeTemplate(part, isBeforeExpression);
    })
    .join("");
}

/** Text as a template that stands for it. */
function escapeTemplate(text: string, isBeforeExpression: boolean): string {
  const escaped = text
    .replace(/[$%](?=\{)/g, "$&$&")
    // A carriage return alone makes text for Terraform of all the sequences in a string.
    .replace(/(\$*)\r(?!\n)/g, (_, dollars) => `\${"${dollars}\\r"}`);
  // Behind `$` an expression would be escaped.
  return isBeforeExpression ? escaped.replace(/\$+$/, (dollars) => `\${"${dollars}"}`) : escaped;
}
