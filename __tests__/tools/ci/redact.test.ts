import { Redactor } from "../../../tools/ci/redact";

const redact = (text: string, environment: Record<string, string> = {}) =>
  new Redactor(environment).text(text);

test.each([
  ["a Google API key", `AIza${"x".repeat(35)}`],
  ["a Google access token", `ya29.${"a0-_".repeat(5)}`],
  ["a GitHub token", `ghs_${"a1".repeat(18)}`],
  ["a fine-grained GitHub token", `github_pat_${"a1".repeat(18)}`],
  ["an Anthropic key", `sk-ant-${"ab1".repeat(6)}`],
  ["a Slack token", "xoxb-123-456-abc"],
  ["a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
])("hides %s, and leaves the rest of the line", (_, secret) => {
  expect(redact(`  + value = "${secret}" # x`)).toBe('  + value = "(hidden)" # x');
});

test("hides the password of an address, and leaves an address without one", () => {
  expect(redact("postgres://plue:hunter2@db/plue")).toBe("postgres://plue:(hidden)@db/plue");
  expect(redact("https://plue.dev:443/a@b")).toBe("https://plue.dev:443/a@b");
});

test("hides a private key as a whole, whatever it is indented by", () => {
  const key = "-----BEGIN RSA PRIVATE KEY-----\n    MIIEpAIBAAKCAQEA\n    -----END RSA PRIVATE KEY-----";
  expect(redact(`before\n  + key = <<-EOT\n    ${key}\nafter`)).toBe(
    "before\n  + key = <<-EOT\n    (hidden)\n(hidden)\n(hidden)\nafter",
  );
});

test("hides what variables called after a secret hold, longer ones first, and nothing that is there by chance", () => {
  const environment = {
    CLOUDFLARE_API_TOKEN: "abcdefgh",
    OTHER_TOKEN: "abcdefghijkl",
    SHORT_TOKEN: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.actions",
    HOME: "/home/runner",
  };
  expect(redact("abcdefghijkl abcdefgh true https://token.actions /home/runner", environment)).toBe(
    "(hidden) (hidden) true https://token.actions /home/runner",
  );
});
