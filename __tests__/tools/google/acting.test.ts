import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type GoogleAuth, OAuth2Client } from "google-auth-library";
import { actingAuth } from "../../../tools/google/acting";

const ACCOUNT = "tf-staging-alice@plue-staging.iam.gserviceaccount.com";
let server: Server;
let answers: (url: string) => { status: number; body: object };
const asked: { authorization: string | undefined; url: string | undefined }[] = [];

beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push({ authorization: request.headers.authorization, url: request.url });
    const { status, body } = answers(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.close());

function acting(): GoogleAuth {
  const person = new OAuth2Client();
  person.setCredentials({ access_token: "person", expiry_date: Date.now() + 3_600_000 });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return actingAuth(ACCOUNT, "plue-staging", { source: person, endpoint });
}

test("a call goes out with the service account's token, for which the person's only asks, once", async () => {
  const expireTime = new Date(Date.now() + 3_600_000).toISOString();
  answers = () => ({ status: 200, body: { accessToken: "deployer", expireTime } });
  const auth = acting();
  for (let call = 0; call < 2; call++)
    expect(await auth.getRequestHeaders("https://storage.googleapis.com/")).toMatchObject({
      Authorization: "Bearer deployer",
    });
  expect(asked).toEqual([
    { authorization: "Bearer person", url: `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken` },
  ]);
});

test("who may not act as it gets no token, and does not go on as herself", async () => {
  const message = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
  answers = () => ({ status: 403, body: { error: { code: 403, message, status: "PERMISSION_DENIED" } } });
  await expect(acting().getRequestHeaders("https://storage.googleapis.com/")).rejects.toThrow(
    "unable to impersonate",
  );
});
