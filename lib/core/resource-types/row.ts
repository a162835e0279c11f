import { argument, type Block } from "../terraform-json";
import type { Billing } from "./billing";

/** An argument that a resource has to have, with what it may be. */
export interface RequiredArgument {
  /** `settings.ip_configuration.ssl_mode`; of blocks that may occur once. */
  readonly path: string;
  /** A value or several, or what tells a good one. */
  readonly is: string | number | boolean | readonly unknown[] | ((value: unknown) => boolean);
  /** What to write instead. */
  readonly write: string;
  /**
   * Which of the type's resources; all without.
   * @param all every resource of its stack
   */
  readonly where?: (block: Block, all: readonly Block[]) => boolean;
}

/** For an argument that only has to be there. */
export const given = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** What is wrong with an argument that a resource has to have, and what to write; undefined when it is right. */
export function missing(block: Block, required: RequiredArgument, all: readonly Block[]): string | undefined {
  const { path, is, write, where = () => true } = required;
  if (!where(block, all)) return undefined;
  const value = argument(block.args, ...path.split("."));
  const right = typeof is === "function" ? is(value) : Array.isArray(is) ? is.includes(value) : value === is;
  if (right) return undefined;
  const wrong = value === undefined ? `lacks ${path}` : `has ${path} = ${JSON.stringify(value)}`;
  return `${wrong}: ${write}`;
}

/** What a resource holds that nothing makes again, and what keeps it. */
export interface HeldData {
  /** What is lost with it, as the end of a sentence: "its databases". */
  readonly what: string;
  /** Arguments by which the provider, or the API behind it, refuses its end; none where there is no such switch. */
  readonly guards: readonly RequiredArgument[];
  /** What remains for how long. @default nothing */
  readonly kept?: string | ((block: Block) => string);
  /** Arguments that encrypt it with a key of our own, or why there are none. */
  readonly encryption: readonly RequiredArgument[] | string;
  /** Why an apply may end it without being told so by name. Protection in production is not asked for either. */
  readonly mayEnd?: string;
  /** Why one in production may be without protection, although no apply ends it by itself. */
  readonly mayBeUnprotected?: string;
}

/** What Terraform needs in Google's IAM. @see https://cloud.google.com/iam/docs/roles-permissions */
export interface Permissions {
  /**
   * To refresh it in a plan: no more than reading settings and IAM, never a secret's value or a database's rows. None
   * for what is granted elsewhere than on the project.
   */
  readonly plan: readonly string[];
  /** To make, change and destroy it: a predefined role, or permissions where every predefined role would hold too much. */
  readonly apply: string | readonly string[];
}

/** What Terraform needs of Google Cloud. */
export interface GoogleAccess extends Permissions {
  /** Its API: `compute` is compute.googleapis.com. False for what comes before every API, or calls none. */
  readonly api: string | false;
}

/** What is known of a type of resource: a row of the table. */
export interface ResourceType extends Partial<GoogleAccess> {
  /** What ends with it and is not made again by the next apply; false for nothing. */
  readonly holdsData: false | HeldData;
  /** Arguments without which it speaks old TLS, or none. */
  readonly tls?: readonly RequiredArgument[];
  readonly billing: Billing;
}

/** What is known of a type of data source. */
export interface DataSourceType extends Partial<GoogleAccess> {
  /** What its result is, which lands in state as a whole: nothing that must not be known. */
  readonly reads: string;
}
