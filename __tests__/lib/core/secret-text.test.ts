import { looksSecret, saysSecret } from "../../../lib/core/secret-text";

test.each([
  "password",
  "db_password",
  "apiKey",
  "GITHUB_TOKEN",
  "client_secret",
  "signing-key",
  "credentials",
  "serviceAccountKey",
])("%s is called after a secret", (name) => expect(saysSecret(name)).toBe(true));

test.each([
  "secret_id",
  "secret_version",
  "key_ring",
  "token_ttl",
  // Names of environment variables, and of an algorithm.
  "secret_env",
  "signature_algorithm",
  "monkey",
  "keyboard",
  "database",
])("%s is not", (name) => expect(saysSecret(name)).toBe(false));

test.each([
  `-----BEGIN ${"EC PRIVATE"} KEY-----`,
  `AIza${"a".repeat(35)}`,
  `ghp_${"a".repeat(20)}`,
  "postgres://shop:hunter2@10.0.0.1/shop",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
])("%s looks like a secret", (text) => expect(looksSecret(text)).toBe(true));

test.each([
  `-----BEGIN ${"PUBLIC"} KEY-----`,
  "postgres://shop@10.0.0.1/shop",
  "https://${USER}:${PASSWORD}@example.com",
  "projects/p/secrets/s/versions/3",
])("%s does not", (text) => expect(looksSecret(text)).toBe(false));
