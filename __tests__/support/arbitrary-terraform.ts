import fc from "./properties";

/** Pieces of templates that have gone wrong in one renderer or another. */
const TEXT = fc.constantFrom(
  ..."a {}$%\"\\~'#,=/\t\n\r\u0000\u007f\u2028",
  "\r\n",
  "\n\n",
  "  ",
  "\n  ",
  "  \n",
  "é",
  "e\u0301",
  "😀",
  "\ufeff",
  "$${x}",
  "%%{ if }",
  "$$${",
  "\\n",
  "\\u00e9",
  "EOT\n",
  "//",
  "null",
  "<<EOT",
);
/** Sequences that the parser for the round trip gives back as they are. */
const PLAIN_SEQUENCE = fc.constantFrom(
  "${var.x}",
  "${sdk_thing.a[0].b}",
  '${upper("x${var.y}z")}',
  '${replace(var.x, "\\"", "\\\\")}',
  '${lookup({ "a" = var.b }, "c", [1, null])}',
  '${[for k, v in var.m : "${k}-${v}"]}',
  "%{ if var.x }yes%{ else }no%{ endif }",
);
const SEQUENCE = fc.constantFrom(
  "${1 + 1}",
  "${ 2*-3 }",
  "${-1}",
  "${1 - -1}",
  "${!true}",
  '${"quote \\" and \\\\ and \\n"}',
  '${upper("x${"y"}z")}',
  "${[1,2][0]}",
  '${"${1}"}',
  '${"${"${~ true ~}"}"}',
  "${{a = 1}.a}",
  "${{\n  a = 1\n  b = 2\n}.b}",
  '${{ for k in ["x"] :\n k => k }.x}',
  '${true?"x":"y"}',
  "${(1 == 1) && (2 >= 1) || false}",
  "${1 /* comment */ + 2}",
  "${1 + // comment\n 2}",
  "${~ 5 ~}",
  "${~ 5}",
  "${5 ~}",
  "%{ if true }yes%{ else }no%{ endif }",
  "%{ if true ~}\n  yes\n%{ else ~}\n  no\n%{ endif ~}\n",
  '%{ for x in ["a", "b"] ~}\n  ${x}\n%{ endfor ~}\n',
  '${join(",", [for k, v in { a = 1 } : "${k}-${v}"])}',
  '${length(split("\\n", <<EOT\none "$${two}"\n${3}\nEOT\n))}',
  '${upper("%%{x")}',
  '${jsonencode({"a" = [1, null, {"b" = "c"}]})}',
);

/** A string of Terraform's JSON: text and sequences, valid as a template. */
const template = (sequence: fc.Arbitrary<string>) =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: TEXT }, { weight: 1, arbitrary: sequence }), { maxLength: 8 })
    .filter((pieces) => {
      // Text must not open a sequence by accident, nor a sequence be escaped by what stands before it.
      const text = pieces
        .map((piece) => (isSequence(piece) ? "\uE001" : piece.replace(/^(\$\$\{|%%\{)/, "\uE002")))
        .join("");
      return (
        !/[$%]\{/.test(text) && !/[$%]\uE001/.test(text) && !/[$%]\uE002/.test(text) && !/\r(?!\n)/.test(text)
      );
    })
    .map((pieces) => pieces.join(""));

function isSequence(piece: string): boolean {
  return /^[$%]\{/.test(piece);
}

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e21, -1e-7, 123456789012345680000, 0.1, Number.MAX_SAFE_INTEGER),
);

const key = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "for",
    "null",
    "true",
    "in",
    "",
    "with space",
    "with-dash",
    "dot.ted",
    "1st",
    "é",
    "a=b",
    "//",
    "$${x}",
    '"',
    "${1}",
    '${upper("k")}',
    '${{a = "from an expression"}.a}',
  ),
  fc.string({ maxLength: 5 }).filter((text) => !/[$%]/.test(text)),
);

function valueWith(sequence: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      template(sequence),
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
}

/** A value of an attribute that Terraform can evaluate. */
export const constantValue = valueWith(SEQUENCE);

const value = valueWith(PLAIN_SEQUENCE);

/** A body with arguments, and blocks `block` and `other_block` down to a depth. */
function body(depth: number): fc.Arbitrary<object> {
  const attribute = fc.record(
    { a: value, long_name: value, labels: value, description: value },
    { requiredKeys: [] },
  );
  if (depth === 0) return attribute;
  const inner = body(depth - 1);
  const block = fc.oneof(inner, fc.array(inner, { maxLength: 3 }), fc.constant(null));
  const nested = fc.record({ block, other_block: block }, { requiredKeys: [] });
  return fc.tuple(attribute, nested).map(([own, blocks]) => ({ ...own, ...blocks }));
}

const thing = body(3);
const named = fc.dictionary(fc.constantFrom("one", "two", "three"), thing, { maxKeys: 2 });
const things = fc.record({ sdk_thing: named, framework_thing: named }, { requiredKeys: [] });

/** A module with resources of the pretended providers, locals and outputs. */
export const anyModule = fc.record(
  {
    resource: things,
    data: things,
    locals: fc.record({ a: value, b: value, long_name: value }, { requiredKeys: [] }),
    output: fc.dictionary(fc.constantFrom("x", "y"), fc.record({ value }), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);
