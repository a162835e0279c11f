import { quote } from "./problems";

/** Letters that print like a Latin one (or are written as one by keyboards that lack them), by that letter. */
const LOOKALIKES: Record<string, string> = {
  a: "аα",
  c: "с",
  d: "ԁđ",
  e: "еε",
  g: "ɡ",
  h: "һ",
  i: "іıι",
  j: "ј",
  k: "кκ",
  l: "ӏł",
  m: "м",
  n: "ո",
  o: "оοօø",
  p: "рρ",
  q: "ԛ",
  s: "ѕ",
  t: "тτ",
  u: "υս",
  v: "ѵν",
  w: "ԝω",
  x: "хχ",
  y: "уγ",
  ae: "æ",
  ss: "ß",
  "-": "‐‑‒–—−",
};

const LATIN = new Map(
  Object.entries(LOOKALIKES).flatMap(([ascii, like]) => [...like].map((c) => [c, ascii])),
);

const SCRIPTS: Record<string, RegExp> = {
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
};

/** The text in ASCII as far as that can be told: no accents, no full-width forms, Latin for its look-alikes. */
export function toAscii(text: string): string {
  const plain = text.normalize("NFKD").replace(/[\p{M}\p{Cf}\p{Cc}]/gu, "");
  return [...plain].map((c) => LATIN.get(c) ?? LATIN.get(c.toLowerCase()) ?? c).join("");
}

/** Says which character of a text is not what it seems, for instance a Cyrillic letter; undefined if all are plain ASCII. */
export function oddCharacter(text: string): string | undefined {
  const characters = [...text];
  const index = characters.findIndex((c) => !/^[!-~]$/.test(c));
  const character = characters[index];
  if (character === undefined) return undefined;
  return `character ${index + 1} is ${nameOf(character)}`;
}

function nameOf(character: string): string {
  if (character === " ") return "a space";
  const code = `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
  if (/\p{Cc}/u.test(character)) return `a control character (${code})`;
  if (/\p{Cf}/u.test(character)) return `invisible (${code})`;
  if (/\p{Z}/u.test(character)) return `a space of another kind (${code})`;
  const script = Object.keys(SCRIPTS).find((name) => SCRIPTS[name]?.test(character));
  const latin = toAscii(character);
  const seems = /^[!-~]+$/.test(latin) ? `, which is not ${quote(latin.toLowerCase())}` : "";
  return `${quote(character)} (${[code, script].filter(Boolean).join(", ")})${seems}`;
}
