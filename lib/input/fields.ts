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
   * What is wrong with some values that do not match the pattern, where the advice would not tell.
   * @default none
   */
  readonly slips?: readonly Refusal[];
  /**
   * Values that match the pattern and are refused all the same.
   * @default none
   */
  readonly refused?: readonly Refusal[];
  /**
   * What somebody who wrote a wrong value most likely meant.
   * @default the value in lower-case ASCII, without spaces around it
   */
  readonly suggest?: (wrong: string) => string | undefined;
}

/** Why values like these are refused, going on from the value: "has two dots side by side". Of several the first tells. */
export interface Refusal {
  readonly like: RegExp;
  readonly because: string;
}

/** A schema for strings of one format, whose error names the odd character and gives a right value. */
export function text(format: TextFormat): z.ZodString {
  const { description, pattern, example, maxLength, refused = [] } = format;
  let schema = z.string().regex(pattern, { error: ({ input }) => wrongFormat(String(input), format) });
  if (maxLength)
    schema = schema.max(maxLength.value, {
      error: ({ input }) =>
        `${quote(input)} has ${String(input).length} characters: at most ${maxLength.value}, because ${maxLength.reason}`,
    });
  const patternErrorMessage = `This must be ${format.format}: ${format.advice}.`;
  schema = schema.meta({ description, examples: [example], patternErrorMessage });
  if (!refused.length) return schema;
  return schema
    .refine((value) => !pattern.test(value) || !reasonFor(value, refused), {
      error: ({ input }) => refusal(String(input), reasonFor(String(input), refused), format),
    })
    .meta({ not: { anyOf: refused.map(({ like }) => ({ pattern: like.source })) } });
}

/**
 * A schema for strings of a form, where only its error is for people.
 * @param wanted what a value must be and how to write it: "a host: write its labels in lower case"
 */
export function patterned(pattern: RegExp, wanted: string): z.ZodString {
  return z.string().regex(pattern, { error: ({ input }) => `${quote(input)} is not ${wanted}` });
}

function wrongFormat(value: string, format: TextFormat): string {
  const odd = value === "" ? "it is empty" : oddCharacter(value);
  const slip = reasonFor(value, format.slips);
  if (slip && !odd) return refusal(value, slip, format);
  return `${quote(value)} is not ${format.format}: ${odd ? `${odd}; ` : ""}${format.advice}, for instance ${quote(instanceFor(value, format))}`;
}

function refusal(value: string, reason: string | undefined, format: TextFormat): string {
  return `${quote(value)} ${reason}: for instance ${quote(instanceFor(value, format))}`;
}

function reasonFor(value: string, refusals: readonly Refusal[] = []): string | undefined {
  return refusals.find(({ like }) => like.test(value))?.because;
}

/** A right value: what was meant, or else the example. */
function instanceFor(value: string, { pattern, refused, example, suggest = plain }: TextFormat): string {
  const meant = suggest(value);
  return meant !== undefined && pattern.test(meant) && !reasonFor(meant, refused) ? meant : example;
}

/** What is left of a text when case, accents, look-alikes and surrounding spaces are taken for slips. */
export function plain(text: string): string {
  return toAscii(text).trim().toLowerCase();
}

/** An address in lower case, as both IAM (which stores it so) and Kubernetes (which compares letters) take it. */
export const ADDRESS =
  /(?![^@]*\.\.|.{255})[a-z0-9](?:[a-z0-9._%+'-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}/;

/**
 * What no address has, with or without the kind of an IAM member before it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1
 */
export const NO_ADDRESS: readonly Refusal[] = [
  { like: /\.\.|(?:^|[:@])\.|\.(?:@|$)/, because: "has a dot at an end or beside another" },
  { like: /^(?:[a-z]+:)?[^:]{255}/i, because: "has more than 254 characters, and no mail server takes more" },
  { like: /^(?:[a-z]+:)?[^:@]{65,}@/i, because: "has more than 64 characters in front of the @" },
  { like: /@(?:.*\.)?[^.]{64,}(?:\.|$)/, because: "has a label of more than 63 characters in its domain" },
  { like: /@(?:.*\.)?(?:-|[^.]*-(?:\.|$))/, because: "has a label with a hyphen at an end in its domain" },
];

/** Domains of which Google says whose the addresses are; of any other domain only Google knows. */
export const ADDRESSES_OF = {
  serviceAccounts: /@(?:.*\.)?gserviceaccount\.com$/,
  groups: /@googlegroups\.com$/,
  people: /@(?:gmail|googlemail)\.com$/,
} as const;

const address: Omit<TextFormat, "description" | "example"> = {
  format: "an e-mail address",
  advice: "write it in full and in lower case",
  pattern: new RegExp(`^${ADDRESS.source}$`),
  slips: NO_ADDRESS,
  suggest: (wrong) => tidyAddress(plain(wrong).replace(/^[a-z]+:/, "")),
};

/** Without dots at an end or beside another. */
export function tidyAddress(text: string): string {
  return text.replace(/\.{2,}/g, ".").replace(/(^|[:@])\.|\.(?=@|$)/g, "$1");
}

/** An address that somebody reads the mail of. */
export function emailAddress(description: string, example: string) {
  const nobody = "is a service account's address, whose mail nobody reads";
  const refused = [{ like: ADDRESSES_OF.serviceAccounts, because: nobody }];
  return text({ description, example, ...address, refused });
}

/**
 * The Google account of a person. IAM refuses a policy in which the address of a service account or group stands for a
 * person, and all that the same apply grants to others with it.
 *
 * @see https://cloud.google.com/iam/docs/principal-identifiers
 */
export function googleAccount(description: string, example: string) {
  const refused = [
    {
      like: ADDRESSES_OF.serviceAccounts,
      because: "is a service account's address, and IAM takes a person's here",
    },
    { like: ADDRESSES_OF.groups, because: "is a group's address, and IAM takes a person's here" },
  ];
  return text({ description, example, ...address, refused });
}

/** The JSON Schema by which editors and Helm check what a schema reads. Draft 7 is what editors know best. */
export function jsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" });
}
