/** Replacement for a secret. */
const MASK = "(hidden)";

/** Patterns of secrets: tokens of Google, GitHub, Anthropic and Slack, JWT, password in a URL. */
const SHAPES =
  /\bAIza[\w-]{35}|\bya29\.[\w-]+|\bgh[oprsu]_\w{20,}|\bgithub_pat_\w{20,}|\bsk-[\w-]{16,}|\bxox[abp]-[\w-]+|\beyJ[\w-]{10,}\.eyJ[\w.-]+|(?<=:\/\/[^\s/:@$]+:)[^\s/@]+(?=@)/g;

/** Variables of the environment that are called after a secret. */
const SECRET_VARIABLE = /TOKEN|SECRET|PASSWORD|PRIVATE|API_KEY/;

/** A shorter value stands in too many texts by chance. */
const SHORTEST = 8;

/**
 * Takes secrets out of what is published, line by line. Terraform hides what its schemas call sensitive; this is for
 * what they do not: tokens of the environment in an error message, a key in a value that nobody declared a secret.
 */
export class Redactor {
  private readonly values: readonly string[];
  private inKey = false;

  constructor(environment: Readonly<Record<string, string | undefined>> = process.env) {
    this.values = Object.entries(environment)
      .flatMap(([name, value]) => (value && SECRET_VARIABLE.test(name) ? [value] : []))
      .filter((value) => value.length >= SHORTEST && !/^\w+:\/\/[^@]*$/.test(value))
      .sort((a, b) => b.length - a.length);
  }

  /** One line, without its line break. */
  line(text: string): string {
    const begins = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.exec(text);
    const hidden = begins || this.inKey;
    if (begins) this.inKey = true;
    if (/-----END [A-Z ]*PRIVATE KEY-----/.test(text)) this.inKey = false;
    if (hidden) return `${begins ? text.slice(0, begins.index) : ""}${MASK}`;
    return this.values.reduce((rest, value) => rest.replaceAll(value, MASK), text).replace(SHAPES, MASK);
  }

  text(text: string): string {
    return text
      .split("\n")
      .map((line) => this.line(line))
      .join("\n");
  }
}
