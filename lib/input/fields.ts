import { z } from "zod";
import { oddCharacter, toAscii } from "./characters";
import { quote } from "./problems";

/** A string of one format. */
export interface TextFormat {
  /** What the value is for: shown by editors. */
  readonly description: string;
  /** What a value must be, with its article: "a DNS label". */
  readonly format: string;
  /** How to write one: "use lower-case letters, digits and hyphens". */
  readonly advice: string;
  readonly pattern: RegExp;
  readonly example: string;
  /** Longest value, and why no longer. */
  readonly maxLength?: { readonly value: number; readonly reason: string };
  /**
   * What somebody who wrote a wrong value most likely meant.
   * @default the value in lower-case ASCII, without spaces around it
   */
  readonly suggest?: (wrong: string) => string | undefined;
}

/** A schema for strings of one format, whose error names the odd character and gives a right value. */
export function text(format: TextFormat): z.ZodString {
  const { description, pattern, example, maxLength } = format;
  let schema = z.string().regex(pattern, { error: ({ input }) => wrongFormat(String(input), format) });
  if (maxLength)
    schema = schema.max(maxLength.value, {
      error: ({ input }) =>
        `${quote(input)} has ${String(input).length} characters: at most ${maxLength.value}, because ${maxLength.reason}`,
    });
  const patternErrorMessage = `This must be ${format.format}: ${format.advice}.`;
  return schema.meta({ description, examples: [example], patternErrorMessage });
}

function wrongFormat(
  value: string,
  { format, advice, pattern, example, suggest = plain }: TextFormat,
): string {
  const odd = value === "" ? "it is empty" : oddCharacter(value);
  const meant = suggest(value);
  const instance = meant !== undefined && pattern.test(meant) ? meant : example;
  return `${quote(value)} is not ${format}: ${odd ? `${odd}; ` : ""}${advice}, for instance ${quote(instance)}`;
}

/** What is left of a text when case, accents, look-alikes and surrounding spaces are taken for slips. */
export function plain(text: string): string {
  return toAscii(text).trim().toLowerCase();
}

/** A Google account, as both IAM (which stores lower case) and Kubernetes (which compares letters) take it. */
export function emailAddress(description: string, example: string) {
  return text({
    description,
    example,
    format: "an e-mail address",
    advice: "write it in full and in lower case",
    pattern:
      /^[a-z0-9](?:[a-z0-9._%+'-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    maxLength: { value: 254, reason: "no mail server takes more" },
  });
}
