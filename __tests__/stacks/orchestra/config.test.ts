import { readFileSync } from "node:fs";
import { join } from "node:path";
import { orchestra } from "../../../stacks/orchestra";
import { jsonSchemas } from "../../../stacks/orchestra/json-schemas";
import { ejectedRepository } from "../../../tools/eject/repository";
import { FOLDER, project } from "./synthesized";

const text = readFileSync(join(FOLDER, "cdktf.json"), "utf8");
const check = (from: string, to: string) => {
  expect(text).toContain(from);
  return () => orchestra.checkConfig(text.replace(from, to), "cdktf.json");
};

test.each([
  [
    "files of users in the bucket that everybody reads",
    '"storageBucket": "orchestra-storage"',
    '"storageBucket": "orchestra-frontend"',
    'context.orchestra.production.frontendBucket: "orchestra-frontend" is the storageBucket already: name another',
  ],
  [
    "a digest with what it is a digest by",
    '"digest": "0',
    '"digest": "sha256:0',
    "context.orchestra.buildImages.go.digest",
  ],
  ["an image by digest", '"image": "rust:1.80"', '"image": "rust@sha256:1"', "buildImages.rust.image"],
  ["a field that there is not", '"domain": ', '"domian": ', "production"],
  [
    "a zone of another region",
    '"region": "us-central1"',
    '"region": "us-central1", "zones": ["us-east1-b"]',
    "zones",
  ],
])("%s is refused, with its place", (_, from, to, message) => {
  expect(check(from, to)).toThrow(message);
});

test("what is still zeros keeps it from being deployed", () => {
  const paths = project.placeholders.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["billingAccount", "production.projectNumber", "buildImages.go.digest"]),
  );
});

test("the configuration with its own values is the same", () => {
  const values = project.installation.map(({ value }) => value);
  expect(project.withInstallation(values).config).toEqual(project.config);
});

test("a new version of a secret is the one that runs", () => {
  expect(project.secretVersions()).toMatchObject({ "jwt-secret": 1, "stripe-webhook-secret": 1 });
});

test("it ejects: each stack is an environment", () => {
  const { environments } = ejectedRepository(project);
  expect([...environments].sort()).toEqual(project.declared.map(({ stack }) => stack).sort());
});

test("its JSON Schema is what the program checks with: `npm run schemas` writes it", () => {
  for (const [file, schema] of Object.entries(jsonSchemas()))
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schema);
  expect(JSON.parse(text).$schema).toBe("./cdktf.schema.json");
});
