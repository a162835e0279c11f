import { secretsOf } from "../../../tools/report/secrets";
import { synthesizeProgram } from "../../support/program";

const secrets = secretsOf(new Map([...synthesizeProgram()].map(([name, { json }]) => [name, json])));
const of = (stack: string, name: string) =>
  secrets.find((secret) => secret.stack === stack && secret.name === name);

test("each secret is named once for its project", () => {
  expect(secrets.map(({ stack, name }) => `${stack} ${name}`).sort()).toEqual([
    "production anthropic-api-key",
    "production cloudflare-api-token",
    "production github-app-private-key",
    "production plue-prod-db-password",
    "staging-base anthropic-api-key",
    "staging-base cloudflare-api-token",
    "staging-base github-app-private-key",
    "staging-base plue-staging-db-password",
  ]);
});

test("who reads it is found in the same stack and, by project and name, in others", () => {
  expect(of("production", "anthropic-api-key")?.readers).toEqual(["google_service_account.application"]);
  expect(of("staging-base", "anthropic-api-key")?.readers).toHaveLength(2);
  expect(of("staging-base", "cloudflare-api-token")?.readers).toEqual([]);
});

test("only the administrator's password is written by Terraform", () => {
  expect(secrets.filter(({ writtenByTerraform }) => writtenByTerraform).map(({ name }) => name)).toEqual([
    "plue-prod-db-password",
    "plue-staging-db-password",
  ]);
});
