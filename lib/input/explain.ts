import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { type Path, quote } from "./problems";
import type { Finding, SourceDocument } from "./source-document";

/**
 * Zod's issues as findings in words, one per thing that is wrong. Formats bring their own messages (see `text`);
 * "for instance" comes from the schema's `examples`.
 */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  document: SourceDocument,
  schema: z.ZodType,
): Finding[] {
  const findings = issues
    .filter((issue) => !repeatsOwnBound(issue, issues))
    .flatMap((issue) => explain(issue, document, schema));
  // A misspelled key comes twice: as one too many and as one missing.
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function explain(issue: z.core.$ZodIssue, document: SourceDocument, schema: z.ZodType): Finding[] {
  const path = issue.path as Path;
  const found = document.quoteAt(path);
  const say = (message: string): Finding[] => [{ path, message }];
  if (found === undefined) return missingKey(path, document, schema);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], schema));
    case "invalid_type":
      if (issue.expected === "number" && /^-?\d/.test(found)) return say(`${found} is beyond all bounds`);
      return say(
        `expected ${TYPES[issue.expected] ?? issue.expected}${forInstance(schema, path)}; found ${found}`,
      );
    case "invalid_value": {
      const options = issue.values.map(String);
      const meant = nearest(found, options.map(quote));
      const hint = meant ? `: did you mean ${meant}?` : "";
      return say(`${found} is not one of ${options.map(quote).join(", ")}${hint}`);
    }
    case "invalid_key":
      return [{ path, onKey: true, message: issue.issues.map(({ message }) => message).join("; ") }];
    case "too_small":
    case "too_big":
      if (issue.origin === "string" && !/^Too (?:small|big)/.test(issue.message)) return say(issue.message);
      return say(outOfBounds(issue, found));
    case "invalid_format":
      // Zod's own message shows a pattern, which is no help without what was found.
      if (/^Invalid string: must match pattern/.test(issue.message))
        return say(`${found} is not of the form ${issue.pattern}${forInstance(schema, path)}`);
      return say(issue.message);
    default:
      return say(issue.message);
  }
}

const TYPES: Partial<Record<z.core.$ZodInvalidTypeExpected, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, found: string): string {
  const few = issue.code === "too_small";
  const bound = few ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === "string") return `${found} is too ${few ? "short" : "long"}: ${bound} characters`;
  if (issue.origin === "number" || issue.origin === "int")
    return `${found} is too ${few ? "small" : "large"}: ${bound}`;
  return `${found} has too ${few ? "few" : "many"} elements: ${bound}`;
}

/** Zod holds whole numbers to what JavaScript counts exactly, beside the bounds the schema gives. */
function repeatsOwnBound(issue: z.core.$ZodIssue, issues: readonly z.core.$ZodIssue[]): boolean {
  const same = (other: z.core.$ZodIssue) => other !== issue && other.path.join() === issue.path.join();
  return "origin" in issue && issue.origin === "int" && issues.some(same);
}

function missingKey(path: Path, document: SourceDocument, schema: z.ZodType): Finding[] {
  const parent = path.slice(0, -1);
  const key = path.at(-1) as string;
  const known = knownKeys(schema, parent);
  const misspelled = document
    .keysAt(parent)
    .filter((given) => !known.includes(given) && nearest(given, known) === key);
  if (misspelled.length) return misspelled.map((given) => unknownKey([...parent, given], schema));
  const example = exampleAt(schema, path);
  const hint = example === undefined ? "" : `: for instance ${quote(key)}: ${quote(example)}`;
  return [{ path: parent, message: `the key ${quote(key)} is missing${hint}` }];
}

function unknownKey(path: Path, schema: z.ZodType): Finding {
  const key = path.at(-1) as string;
  const known = knownKeys(schema, path.slice(0, -1));
  const meant = nearest(key, known);
  const hint = meant ? `did you mean ${quote(meant)}?` : `known here are ${known.map(quote).join(", ")}`;
  return { path, onKey: true, message: `unknown key ${quote(key)}: ${hint}` };
}

/** The candidate that somebody may have meant: the closest, if a third of the letters or fewer differ. */
export function nearest(given: string, candidates: readonly string[]): string | undefined {
  const far = (candidate: string) => distance(given.toLowerCase(), candidate.toLowerCase());
  const best = [...candidates].sort((a, b) => far(a) - far(b))[0];
  return best !== undefined && far(best) <= Math.ceil(best.length / 3) ? best : undefined;
}

function forInstance(schema: z.ZodType, path: Path): string {
  const example = exampleAt(schema, path);
  return example === undefined ? "" : `, for instance ${quote(example)}`;
}

function exampleAt(schema: z.ZodType, path: Path): unknown {
  for (const layer of layersAt(schema, path)) {
    const example = layer.meta()?.["examples"];
    if (Array.isArray(example)) return example[0];
  }
  return undefined;
}

function knownKeys(schema: z.ZodType, path: Path): string[] {
  const object = layersAt(schema, path).find((layer) => layer instanceof z.ZodObject);
  return Object.keys(object?.shape ?? {}).filter((key) => key !== "$schema");
}

/** The schema at a path with all it is wrapped in, outermost first. */
function layersAt(schema: z.ZodType, path: Path): z.ZodType[] {
  const layers = [schema];
  for (let layer = unwrap(schema); layer; layer = unwrap(layer)) layers.push(layer);
  const [step, ...rest] = path;
  if (step === undefined) return layers;
  const inner = layers.at(-1);
  const next =
    inner instanceof z.ZodObject
      ? inner.shape[step]
      : inner instanceof z.ZodArray
        ? inner.element
        : inner instanceof z.ZodRecord
          ? inner.valueType
          : undefined;
  return next ? layersAt(next as z.ZodType, rest) : [];
}

function unwrap(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return schema.unwrap() as z.ZodType;
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  return undefined;
}
