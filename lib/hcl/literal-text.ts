import { randomBytes } from "node:crypto";
import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  type ITokenResolver,
  StringConcat,
  type TerraformStack,
  Tokenization,
  type TokenizedStringFragments,
} from "cdktf";
import { rawString, ref } from "cdktf/lib/tfExpression";
import { Construct } from "constructs";
import { valueStrings } from "./module-strings";
import { HclError } from "./tokens";
import type { ValueKind } from "./value";

/** Letters drawn anew in every run, which so are in nobody's text. */
const MARK = String.fromCharCode(...randomBytes(20).map((byte) => 97 + (byte % 26)));
/** Around a token's expression while its configuration is put together. All that is outside of marks is text. */
const [OPEN, CLOSE] = [`<${MARK}>`, `</${MARK}>`];
const MARKED = new RegExp(`${OPEN}(.*?)${CLOSE}`, "s");

interface ResolveOptions {
  readonly scope: TerraformStack;
  readonly resolver: ITokenResolver;
  readonly preparing?: boolean;
}

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

/** In text: a token in braces, a number for a token, and what stands for a map. */
const TOKEN = /TfToken\[|[\d.+|-]e[\d.+|eE-]|Map Token Value/;

const RESOLVER = new MarkingResolver(new StringConcat());
const PREPARING = new DefaultTokenResolver(new StringConcat());

/** What tokens stand for, in place of them; `readString` has yet to read its strings. */
export function resolveMarked(stack: TerraformStack, value: unknown): unknown {
  return resolveTokens(value, { scope: stack, resolver: RESOLVER });
}

/** Resolves for what that does: a reference to another stack declares an output there and a remote state here. */
export function prepareTokens(stack: TerraformStack, value: unknown): void {
  resolveTokens(value, { scope: stack, resolver: PREPARING, preparing: true });
}

/**
 * As CDKTF resolves, which looks for each kind of token at every place; most places hold none, and are half of what a
 * synthesis takes.
 */
function resolveTokens(value: unknown, options: ResolveOptions): unknown {
  try {
    return resolved(value, options, 0);
  } catch {
    // Told with its place.
    return Tokenization.resolve(value, options);
  }
}

function resolved(value: unknown, options: ResolveOptions, depth: number): unknown {
  if (depth > 200) throw new Error("a value that holds itself");
  if (mayBeToken(value)) return Tokenization.resolve(value, options);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const inside = (member: unknown) => resolved(member, options, depth + 1);
  if (Array.isArray(value)) return value.map(inside).filter((member) => member !== undefined);
  const members: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const resolvedMember = inside(member);
    if (resolvedMember !== undefined) members[key] = resolvedMember;
  }
  return members;
}

/** Of a list's members, which is the list itself. */
function isListToken(member: unknown): boolean {
  return typeof member === "string"
    ? member.includes("#{TfToken[")
    : typeof member === "number" && member < -1e6;
}

/** Whether CDKTF has to look: where text, a number, a list or a map stands for a token, or might by its looks. */
function mayBeToken(value: unknown): boolean {
  if (typeof value === "string") return TOKEN.test(value);
  // Numbers that stand for tokens are the doubles with the largest exponents, and one below.
  if (typeof value === "number") return value < -1e6;
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(isListToken);
  return (
    Tokenization.isResolvable(value) || Construct.isConstruct(value) || Object.keys(value).some(mayBeToken)
  );
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
