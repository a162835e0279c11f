import { renderModule } from "../../../lib/hcl/module";
import { fmtErrors, testWithTerraform } from "../../support/terraform";

/** A value as the text of `main.tf`. */
function rendered(value: string): string {
  const schemas = () => () => "template" as const;
  return renderModule({ locals: { value } }, { schemas })["main.tf"] as string;
}

/** Expressions, as they stand in `${…}`. */
const VALID = [
  // Terms
  "1",
  "01",
  "1.5e+3",
  "1E5",
  "-1",
  "--1",
  "!!true",
  "- -1",
  "null",
  "local",
  "var.a-b",
  "var.été",
  '"text"',
  '""',
  '"\\"\\\\ \\n\\t\\r\\u00e9\\U0001F600"',
  '"$${x} %%{ if } $ % $$$${y}"',
  "(1)",
  "((1 + 2))",
  "(\n1\n)",
  // Operators
  "1 + 2 * 3 / 4 % 5 - 6",
  "1 -2",
  "a && b || !c",
  "a == b != c",
  "1 < 2 && 2 <= 3 && 4 > 3 && 4 >= 4",
  "a ? b : c",
  "a ? b : c ? d : e",
  "a ? b ? 1 : 2 : 3",
  "a\n? b\n: c",
  // Traversals
  "a.b.c",
  "a[0][1]",
  'a["b"].c',
  "a[b.c + 1]",
  "a[\n0\n]",
  "a.0.b",
  "a.b.*.c",
  "a.*.b.0",
  "a.*.b[0]",
  "a[*].b[*].c",
  "a[*][0]",
  "[1, 2][0]",
  "{ a = 1 }.a",
  "f(1)[0].b",
  '"text"[0]',
  "true.b",
  // Lists and objects
  "[]",
  "[1,]",
  "[\n1,\n2\n]",
  "{}",
  "{ a = 1, b : 2, }",
  "{\n  a = 1\n  b = 2\n}",
  "{\n\n  a = 1,\n\n  b = 2\n\n}",
  '{ "a b" = 1, (c.d) = 2, "${e}" = 3, 4 = 5, f() = 6, a ? b : c = 7 }',
  "{ a = [\n1\n] }",
  "{ a = (1 +\n2) }",
  "{ a = { b = {} } }",
  // Loops
  "[for x in y : x]",
  "[for x, y in z : y if x != null]",
  "[for x in y :\n  x\n  if x]",
  "{ for k, v in z : k => v }",
  "{for k, v in z: k => v... if v}",
  "{\nfor k, v in z : k => v\n}",
  "[for x in [for y in z : y] : { for a in x : a => a }]",
  "[for in in in : in]",
  // Calls
  "f()",
  "f(1,)",
  "f(a...)",
  "f(1, [2, 3]...)",
  "f(\n1,\n2\n)",
  "provider::google::f(1)",
  "f(g(h(1)))",
  // Templates and comments
  '"a ${b} c"',
  '"${a}${b}"',
  '"a ${~ b ~} c"',
  '"${"${"a"}"}"',
  '"%{ if a }b%{ else }c%{ endif }"',
  '"%{ if a }%{ if b }c%{ endif }%{ else }%{ endif ~}"',
  '"%{ for a in b }${a}%{ endfor }"',
  '"%{ for a, b in c }%{ if b }${a}%{ endif }%{ endfor }"',
  "<<X\na\n  X\n",
  "[<<X\n${a}\nX\n, 1]",
  "1 /* one */ + 2",
  "1 # one\n+ 2",
  "1 // one\n+ 2",
];

/** What Terraform refuses, and what is said of it. */
const INVALID: readonly (readonly [expression: string, message: string])[] = [
  // Terms
  ["", '"${}" is empty'],
  ["1 +", "a value is missing at the end"],
  ["* 1", 'a value is missing before "* 1"'],
  ["1 + * 2", 'a value is missing before "* 2"'],
  ["a = 1", 'it ends before "= 1"'],
  ["foo bar", 'it ends before "bar"'],
  ["0x10", 'it ends before "x10"'],
  ["1_000", 'it ends before "_000"'],
  ["1.2.3", 'a number is missing before "1.2.3"'],
  ["1.", "a name is missing at the end"],
  [".5", 'a value is missing before ".5"'],
  ["1e", 'it ends before "e"'],
  ["()", 'a value is missing before ")"'],
  ["(1, 2)", ') is missing before ", 2)"'],
  ["(1", '"${(1}": brackets do not match'],
  ["1)", '"${1)}": brackets do not match'],
  ["[1)", '"${[1)}": brackets do not match'],
  ["-", "a value is missing at the end"],
  ["a!", 'it ends before "!"'],
  ["a and b", 'it ends before "and b"'],
  ["a ; b", '"; b}" is not an expression'],
  ["a & b", '"& b}" is not an expression'],
  ["a | b", '"| b}" is not an expression'],
  ["a ~b", '"~b}" is not an expression'],
  ["'a'", "\"'a'}\" is not an expression"],
  ["a === b", 'a value is missing before "= b"'],
  ["a =< b", 'it ends before "= < b"'],
  ["a => b", 'it ends before "=> b"'],
  ["f...", 'it ends before "..."'],
  ["a ? b", ": is missing at the end"],
  ["a ? : c", 'a value is missing before ": c"'],
  ["a ? b : ", "a value is missing at the end"],
  // Traversals
  ["var.", "a name is missing at the end"],
  ["var..a", 'a name is missing before ".a"'],
  [".a", 'a value is missing before ".a"'],
  ["a.b.", "a name is missing at the end"],
  ["a.1.2", 'an index in brackets is missing before "1.2"'],
  ["a.*.*", '[*] is missing before ".*"'],
  ["a.*.1.2", 'an index in brackets is missing before "1.2"'],
  ["a[]", 'a value is missing before "]"'],
  ["a[1, 2]", '] is missing before ", 2]"'],
  ["a[*", '"${a[*}": brackets do not match'],
  ["a[* 1]", '] is missing before "1]"'],
  ['a."b"', 'a name is missing before "\\"b\\""'],
  ["a.(b)", 'a name is missing before "(b)"'],
  // Lists and objects
  ["[1,, true]", 'a value is missing before ", true]"'],
  ["[, 1]", 'a value is missing before ", 1]"'],
  ["[1 2]", ', is missing before "2]"'],
  ["[1; 2]", '"; 2]}" is not an expression'],
  ["{ a }", '= is missing before "}"'],
  ["{ a = }", 'a value is missing before "}"'],
  ["{ a = 1 b = 2 }", ', is missing before "b = 2 }"'],
  ["{ a = 1,, b = 2 }", 'a value is missing before ", b = 2 }"'],
  ["{ , }", 'a value is missing before ", }"'],
  ["{ a =\n1 }", 'a value is missing before ", 1 }"'],
  ["{ a\n= 1 }", '= is missing before ", = 1 }"'],
  ["{ a = 1\n, b = 2 }", 'a value is missing before ", b = 2 }"'],
  ["{ a = 1\n+ 2 }", 'a value is missing before "+ 2 }"'],
  ["{ for = 1 }", 'a name is missing before "= 1 }"'],
  // Loops
  ["[for x : x]", 'in is missing before ": x]"'],
  ["[for x in y]", ': is missing before "]"'],
  ["[for x in y : ]", 'a value is missing before "]"'],
  ["[for 1 in y : x]", 'a name is missing before "1 in y : x]"'],
  ["[for x, y, z in a : x]", 'in is missing before ", z in a : x]"'],
  ["[for x in y : x => x]", '] is missing before "=> x]"'],
  ["[for x in y : x...]", '] is missing before "...]"'],
  ["[for x in y : x if]", 'a value is missing before "]"'],
  ["[for x in y : x, 1]", '] is missing before ", 1]"'],
  ["{ for k, v in z : v }", '=> is missing before "}"'],
  ["{ for k, v in z : k => v, a = 1 }", '} is missing before ", a = 1 }"'],
  // Calls
  ['f("a" "b")', ', is missing before "\\"b\\")"'],
  ["f(, 1)", 'a value is missing before ", 1)"'],
  ["f(1,,)", 'a value is missing before ", )"'],
  ["f(a..., b)", ') is missing before ", b)"'],
  ["f(...)", 'a value is missing before "...)"'],
  ["f(a = 1)", ', is missing before "= 1)"'],
  ["f::", "a name is missing at the end"],
  ["f::g", "( is missing at the end"],
  ["::f(1)", 'a value is missing before "::f(1)"'],
  // Templates and comments
  ['"a', '"\\"a}": a quote is not closed'],
  ['"\\d"', 'HCL has \\n, \\r, \\t, \\", \\\\, \\uXXXX, \\UXXXXXXXX and no other escape: "\\\\d"'],
  ['"\\u12"', 'HCL has \\n, \\r, \\t, \\", \\\\, \\uXXXX, \\UXXXXXXXX and no other escape: "\\\\u12"'],
  ['"\\ud800"', 'HCL has \\n, \\r, \\t, \\", \\\\, \\uXXXX, \\UXXXXXXXX and no other escape: "\\\\ud800"'],
  [
    '"\\U00110000"',
    'HCL has \\n, \\r, \\t, \\", \\\\, \\uXXXX, \\UXXXXXXXX and no other escape: "\\\\U00110000"',
  ],
  ['"\\${a}"', 'HCL has \\n, \\r, \\t, \\", \\\\, \\uXXXX, \\UXXXXXXXX and no other escape: "\\\\${a}"'],
  ['"${}"', '"${}\\"}" is empty'],
  ['"${a"', '"\\"}": a quote is not closed'],
  ['"${a b}"', '} is missing before "b}\\""'],
  ['"${a:-b}"', '} is missing before ": -b}\\""'],
  ['"%{ if true }"', '%{ endif } is missing before "\\""'],
  ['"%{ if }%{ endif }"', 'a value is missing before "}%{endif}\\""'],
  ['"%{ endif }"', '%{ if … } or %{ for … } is missing before "endif}\\""'],
  ['"%{ else }"', '%{ if … } or %{ for … } is missing before "else}\\""'],
  ['"%{ if a }%{ else }%{ else }%{ endif }"', '%{ endif } is missing before "else}%{endif}\\""'],
  ['"%{ if a }%{ endfor }"', '%{ endif } is missing before "endfor}\\""'],
  ['"%{ for a in b }%{ endif }"', '%{ endfor } is missing before "endif}\\""'],
  ['"%{ for a in b }%{ else }%{ endfor }"', '%{ endfor } is missing before "else}%{endfor}\\""'],
  ['"%{ for a }%{ endfor }"', 'in is missing before "}%{endfor}\\""'],
  ['"%{ elseif a }"', '%{ if … } or %{ for … } is missing before "elseif a}\\""'],
  ['"%{ 1 }"', '%{ if … } or %{ for … } is missing before "1}\\""'],
  ['"%{ if a b }%{ endif }"', '} is missing before "b}%{endif}\\""'],
  ['"%{ endif a }"', '%{ if … } or %{ for … } is missing before "endif a}\\""'],
  ["<<X\na\n", "the heredoc X is not closed"],
  ["<<X a\nX\n", 'a value is missing before "< < X a X"'],
  ["1 /* one", 'a value is missing before "* one"'],
];

describe("the grammar of expressions", () => {
  test.each(VALID)("has %j", (expression) => {
    expect(() => rendered(`\${${expression}}`)).not.toThrow();
  });

  test.each(INVALID)("does not have %j", (expression, message) => {
    expect(() => rendered(`\${${expression}}`)).toThrow(message);
  });

  testWithTerraform("is Terraform's", () => {
    const config = (expression: string) => `locals {\n  value = "\${${expression}}"\n}\n`;
    const all = [...VALID, ...INVALID.map(([expression]) => expression)];
    const refused = fmtErrors(all.map(config));
    expect(all.filter((_, index) => refused[index])).toEqual(INVALID.map(([expression]) => expression));
  });
});
