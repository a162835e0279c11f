/** A comparison of a filter. */
export interface Comparison {
  /** `metric.type`, `resource.labels.database_id`, `jsonPayload.disposition`. */
  readonly path: string;
  readonly operator: string;
  /** As it is written, without quotes. */
  readonly value: string;
}

const TOKEN =
  /\s+|(?<word>AND|OR|NOT)\b|(?<string>"(?:[^"\\]|\\.)*")|(?<operator>!=|=~|!~|>=|<=|=|>|<|:)|(?<path>[A-Za-z_][\w-]*(?:\.[\w-]+)*)|(?<number>-?\d+(?:\.\d+)?)|(?<mark>[(),])/y;

/** Functions that stand for a value in a filter of Cloud Monitoring, and for a comparison in one of either. */
const VALUES = new Set([
  "monitoring.regex.full_match",
  "starts_with",
  "ends_with",
  "has_substring",
  "one_of",
]);
const COMPARISONS: Readonly<Record<"monitoring" | "logging", readonly string[]>> = {
  monitoring: [
    "select_slo_burn_rate",
    "select_slo_compliance",
    "select_slo_budget_fraction",
    "select_slo_health",
  ],
  logging: ["log_id"],
};

/**
 * Comparisons of a filter, all of them, as Cloud Monitoring or Cloud Logging would read it.
 * @see https://cloud.google.com/monitoring/api/v3/filters
 * @see https://cloud.google.com/logging/docs/view/logging-query-language
 * @throws {SyntaxError} with the place where it cannot go on
 */
export function parseFilter(text: string, of: "monitoring" | "logging"): Comparison[] {
  const tokens = tokenize(text);
  const found: Comparison[] = [];
  let at = 0;
  const peek = () => tokens[at];
  const take = (kind: string, value?: string) => {
    const token = peek();
    if (token?.kind !== kind || (value !== undefined && token.text !== value))
      throw new SyntaxError(`${value ?? kind} expected, not ${token?.text ?? "the end"}, in ${text}`);
    at++;
    return token.text;
  };
  const is = (kind: string, value?: string) =>
    peek()?.kind === kind && (value === undefined || peek()?.text === value);
  const strings = () => {
    take("mark", "(");
    const values = [unquoted(take("string"))];
    while (is("mark", ",")) {
      take("mark", ",");
      values.push(unquoted(take("string")));
    }
    take("mark", ")");
    return values;
  };
  const value = () => {
    if (is("string")) return unquoted(take("string"));
    if (is("number")) return take("number");
    const name = take("path");
    if (is("mark", "(")) {
      if (of !== "monitoring" || !VALUES.has(name))
        throw new SyntaxError(`${name} is no function, in ${text}`);
      return strings().join(",");
    }
    // Logging takes words without quotes, Monitoring only these.
    if (of === "monitoring" && !/^(true|false)$/.test(name))
      throw new SyntaxError(`${name} lacks quotes, in ${text}`);
    return name;
  };
  const term = () => {
    if (is("word", "NOT")) take("word");
    if (is("mark", "(")) {
      take("mark", "(");
      expression();
      take("mark", ")");
      return;
    }
    const path = take("path");
    if (is("mark", "(")) {
      if (!COMPARISONS[of].includes(path)) throw new SyntaxError(`${path} is no function, in ${text}`);
      found.push({ path, operator: "", value: strings().join(",") });
      return;
    }
    const operator = take("operator");
    if (of === "monitoring" && operator.endsWith("~"))
      throw new SyntaxError(`${operator} is no operator of Cloud Monitoring, in ${text}`);
    found.push({ path, operator, value: value() });
  };
  const expression = () => {
    term();
    while (peek() && !is("mark", ")")) {
      if (is("word", "AND") || is("word", "OR")) take("word");
      term();
    }
  };
  expression();
  if (peek()) throw new SyntaxError(`the end expected, not ${peek()?.text}, in ${text}`);
  return found;
}

function tokenize(text: string): { kind: string; text: string }[] {
  const tokens: { kind: string; text: string }[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`cannot be read from ${text.slice(start, start + 20)} on, in ${text}`);
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0];
    if (kind) tokens.push({ kind, text: match[0] });
  }
  return tokens;
}

const unquoted = (text: string) => text.slice(1, -1);
