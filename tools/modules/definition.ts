import type { Construct } from "constructs";
import type { JsonObject } from "../../lib/hcl/body";
import { CliError } from "../command-line/errors";
import { snakeCase } from "./fields";
import type { EntryKind } from "./samples";

// biome-ignore lint/suspicious/noExplicitAny: props of any construct; each module's own file knows them
export type Props = any;

/** A prop that is no value in TypeScript, and the variable that stands for it. */
export interface Replacement {
  readonly name: string;
  readonly description: string;
  /** Texts that it holds, with their descriptions. @default it is one text itself */
  readonly fields?: Readonly<Record<string, string>>;
}

/** An output of the module: what a member of the construct holds. */
export interface ModuleOutput {
  /** Member of the class, whose docstring describes the output. */
  readonly member: string;
  /** @default the member's name in snake case */
  readonly name?: string;
  /** What of each entry, where the member is a map of objects. */
  readonly part?: string;
  /** @default the member's docstring */
  readonly description?: string;
  readonly sensitive?: boolean;
}

export function outputName({ name, member }: ModuleOutput): string {
  return name ?? snakeCase(member);
}

/** A rule for values that the construct checks in TypeScript and the module by a `validation`. */
export interface Rule {
  /** The variable, or the place inside it: `subnets.*.cidr`. */
  readonly path: string;
  /** Condition on `it`, the value at the path; null never gets there. */
  readonly condition: string;
  /** What the value has to be; a sentence. */
  readonly message: string;
}

/**
 * Definition of a module: what has to be said of a construct, besides the construct itself, to make one of it. All paths are those of
 * variables: `subnets.*.cidr`.
 */
export interface ModuleDefinition {
  /** Folder of the module. */
  readonly name: string;
  readonly description: string;
  /** Source file of the construct, below the checkout. */
  readonly file: string;
  /** Names of class and props type in it. */
  readonly construct: string;
  readonly props: string;
  /** Is it this construct? */
  readonly isInstance: (construct: Construct) => boolean;
  readonly declare: (scope: Construct, id: string, props: Props) => Construct;
  /** Logical id of the main resource. */
  readonly main: string;
  /** Props that the module leaves at their default, by path in TypeScript, and why. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Props that the module gets in another way, by path in TypeScript: no variable stands for them. @default none */
  readonly omitted?: readonly string[];
  /** Variables in place of objects, by the prop's path in TypeScript. @default none */
  readonly replaced?: Readonly<Record<string, Replacement>>;
  /** Descriptions of variables and parts of them where the docstring's is not true of the module, by path. @default none */
  readonly descriptions?: Readonly<Record<string, string>>;
  /** Keys of a map that is an object in the module, by path. @default none */
  readonly keys?: Readonly<Record<string, readonly string[]>>;
  /** Real props from sample props, in which replaced ones hold texts. @default as they are */
  readonly build?: (samples: Props) => Props;
  /** The way back: props in which replaced ones hold texts. @default as they are */
  readonly read?: (props: Props) => Props;
  /** Samples where not any text will do, two each. @default none */
  readonly samples?: Readonly<Record<string, readonly [string, string]>>;
  /** Kinds of entries that become resources of their own. @default none */
  readonly kinds?: Readonly<Record<string, readonly EntryKind[]>>;
  /** Logical ids of what a collection's entries become, where no construct around them has a name. @default none */
  readonly entryNames?: Readonly<Record<string, string>>;
  /** Logical ids of constructs of which there are several by number: `nat-#` for `nat-1` and so on. @default none */
  readonly counted?: Readonly<Record<string, string>>;
  /** Values of texts by which the construct chooses, the usual one first. @default none */
  readonly cases?: Readonly<Record<string, readonly [string, ...string[]]>>;
  /**
   * Arguments that the construct computes, as Terraform does it: by address and path of keys. Synthesis fails on a
   * computed argument that is not here. `output` has whole outputs.
   * @default none
   */
  readonly computed?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Defaults that the construct does not show, as `computed` has the arguments; null for none. @default none */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Variables that the construct declares itself, where the module's differ. @default none */
  readonly variables?: Readonly<Record<string, JsonObject>>;
  /** Last changes to the configuration. @default none */
  // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
  readonly adjust?: (config: any) => void;
  readonly outputs: readonly ModuleOutput[];
  /** @default none but the values of enumerations */
  readonly rules?: readonly Rule[];
  /** Further sentences for the README. @default none */
  readonly notes?: readonly string[];
  /** A call for the README, in HCL. */
  readonly example: string;
}

/** A construct, or a program, says what a module cannot: the message names where, and what has to be said instead. */
export class ModuleGapError extends CliError {}
