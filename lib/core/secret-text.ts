/** Words that say that a value is a secret: in the name of an argument, of a type, or of an attribute referred to. */
const SECRET =
  /^(pass(word|wd|phrase|code)|secrets?|tokens?|credentials?|jwt|hmac|psk|sensitive|signature|(api|auth|private|access|service|client|account|raw|custom|signing|encryption|shared|ssh)_?key)$/;

/** What an argument that is called after a secret may be all the same: a name, also of a variable, an id, an algorithm, a version, a lifetime. */
const ABOUT_A_SECRET = /_(id|ids|name|version|ttl|period|reviewer|ring|env|algorithm)$/;

/** What secrets look like, wherever they stand: PEM, tokens of Google, GitHub, Anthropic and Slack, JWT, URL with password. */
const LOOKS_SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bAIza[\w-]{35}|\bya29\.[\w-]+|\bgh[oprsu]_\w{20}|\bsk-[\w-]{16}|\bxox[abp]-\w+|\beyJ[\w-]{10,}\.eyJ|:\/\/[^\s/:@$]+:[^\s/@]+@/;

/** Whether a text looks like a secret, or has one in it. */
export function looksSecret(text: string): boolean {
  return LOOKS_SECRET.test(text);
}

/** Whether something is called after a secret: `password`, `apiKey`, `GITHUB_TOKEN`. */
export function saysSecret(name: string): boolean {
  const snake = words(name);
  if (ABOUT_A_SECRET.test(snake.join("_"))) return false;
  return snake.some((word, at) => SECRET.test(word) || SECRET.test(`${snake[at - 1]}_${word}`));
}

/** The words of a name in snake_case, kebab-case or camelCase. */
export function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
