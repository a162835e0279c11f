import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { plue } from "../../../stacks/plue";
import { Bootstrap } from "../../../tools/bootstrap/steps";
import { GoogleApi } from "../../../tools/google/api";
import { SecretManager } from "../../../tools/secrets/secret-manager";

const EMULATOR = "SECRET_MANAGER_EMULATOR_HOST";
afterEach(() => {
  for (const name of [EMULATOR, "GOOGLE_APIS_EMULATOR_HOST", "HTTPS_PROXY"]) delete process.env[name];
});

/** Answers with these statuses, one after the other. */
async function serve(...statuses: number[]) {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push([request.method, request.url, body].filter(Boolean).join(" "));
    response
      .writeHead(statuses[seen.length - 1] ?? 200, {
        "content-type": "application/json",
        location: "http://evil.example",
      })
      .end('{"fine": true}');
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.env[EMULATOR] = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, close: () => server.close() };
}

test.each([
  ["a read is tried again", [503, 429], undefined, ["GET /v1/a?b=c", "GET /v1/a?b=c", "GET /v1/a?b=c"]],
  ["a change is not", [503], { d: 1 }, ['POST /v1/a?b=c {"d":1}']],
  ["nobody is followed elsewhere with what was sent", [302], { d: 1 }, ['POST /v1/a?b=c {"d":1}']],
])("%s", async (_, statuses, body, expected) => {
  const server = await serve(...statuses);
  const answer = await new GoogleApi("secretmanager", "plue-prod", EMULATOR)
    .call("a?b=c", body)
    .catch(() => "refused");
  server.close();
  expect(answer).toEqual(body ? "refused" : { fine: true });
  expect(server.seen).toEqual(expected);
});

test("an emulator is not asked through a proxy", async () => {
  const server = await serve();
  process.env["HTTPS_PROXY"] = "http://127.0.0.1:1";
  expect(await new GoogleApi("secretmanager", "plue-prod", EMULATOR).call("a")).toEqual({ fine: true });
  server.close();
});

describe.each<[variable: string, open: () => unknown]>([
  ["GOOGLE_APIS_EMULATOR_HOST", () => new Bootstrap(plue.readProject(), "production")],
  [EMULATOR, () => new SecretManager("plue-staging")],
])("credentials and values go to Google or to a port of this machine: %s", (variable, open) => {
  test.each([
    "https://evil.example",
    "evil.example:443",
    "127.0.0.1.evil.example:80",
    "localhost:80@evil.example",
    "http://127.0.0.1:1",
    "localhost",
    "",
  ])("and not to %j", (host) => {
    process.env[variable] = host;
    expect(open).toThrow(
      `${variable} is "${host}": give 127.0.0.1 or localhost, a colon and a port, or unset it`,
    );
  });
});
