import { Token } from "cdktf";
import type { Construct } from "constructs";
import type { ValueProblem } from "./invalid-props";

/** An alias that somebody asks to have published, with full names as DNS writes them: a dot at the end. */
export interface Alias {
  readonly name: string;
  readonly target: string;
  /** What it is for, where the zone has a place for that. */
  readonly comment: string;
}

/** Zone of whichever DNS, in which other constructs publish records. */
export interface DnsZone {
  /** Domain of the zone, without a dot at the end. */
  readonly zoneName: string;
  /** Whether it answers the internet. */
  readonly isPublic: boolean;
  /** Declares a CNAME record that belongs to another construct. */
  publishAlias(scope: Construct, id: string, alias: Alias): void;
}

/** Full name of a record, without a dot at the end. @param name below the zone, or `@` for the zone itself */
export function hostname(name: string, zoneName: string): string {
  return name === "@" ? zoneName : `${name}.${zoneName}`;
}

/** What keeps a text from being a record's name below a zone; undefined when nothing does. */
export function recordNameProblem(name: string, zoneName: string): ValueProblem | undefined {
  if (name === zoneName || name.endsWith(`.${zoneName}`))
    return {
      problem: `"${name}" repeats the zone`,
      instead: `give the name below it, "${name.slice(0, -zoneName.length - 1) || "@"}"`,
    };
  if (
    name !== "@" &&
    !/^(\*|[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/.test(name)
  )
    return {
      problem: `"${name}" is no record name`,
      instead: 'give labels of a-z, 0-9, - and _, such as "api" or "*.staging", or "@"',
    };
  return undefined;
}

/** Whether a text is a full host name without a dot at the end. */
export function isHostName(text: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(text);
}

/**
 * Text of a TXT record as APIs store it, so that no plan shows a difference: quoted strings of at most 255 bytes in the
 * spelling of zone files. Text that is such strings already stays.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1035#section-5.1
 */
export function quotedText(text: string): string {
  if (Token.isUnresolved(text) || QUOTED.test(text)) return text;
  // As Terraform normalizes it: the module "dns" has to come to the same bytes.
  const bytes = [...Buffer.from(text.normalize())];
  const strings: string[] = [];
  for (let start = 0; start < bytes.length; start += MAX_STRING)
    strings.push(
      `"${bytes
        .slice(start, start + MAX_STRING)
        .map(byteText)
        .join("")}"`,
    );
  return strings.join(" ");
}

const QUOTED = /^"([^"\\]|\\.)*"( "([^"\\]|\\.)*")*$/s;
/** Bytes of one string in a TXT record. */
const MAX_STRING = 255;

function byteText(byte: number): string {
  if (byte < 0x20 || byte > 0x7e) return `\\${String(byte).padStart(3, "0")}`;
  return String.fromCharCode(byte).replace(/["\\]/, "\\$&");
}
