import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { smoke } from "../../../tools/ci/smoke";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`);
}
/** Patient with what answers, however busy the machine is. */
const options = { attempts: 3, timeoutSeconds: 600, intervalSeconds: 0.01 };
const impatient = { ...options, timeoutSeconds: 0.2 };

test("asks until it answers 200", async () => {
  const answers = [503, 502, 200];
  const url = await serve((_, response) => response.writeHead(answers.shift() ?? 500).end());
  const said: string[] = [];
  const result = await smoke(url, options, (line) => said.push(line));
  expect(result).toEqual({ ok: true, attempts: 3, last: "200" });
  expect(said).toEqual([`${url.href}: 503 (1 of 3)`, `${url.href}: 502 (2 of 3)`]);
});

test.each<[string, RequestListener]>([
  ["does not answer", () => {}],
  ["begins an answer and never ends it", (_, response) => response.writeHead(200).write("…")],
])("one that %s is given up after the attempts, each of bounded time", async (_, listener) => {
  const result = await smoke(await serve(listener), impatient, () => {});
  expect(result).toEqual({ ok: false, attempts: 3, last: "no answer within 0.2 s" });
});

test.each<[string, RequestListener, string]>([
  ["hangs up", (request) => request.socket.destroy(), "other side closed"],
  [
    "answers with a redirect to what is always there",
    (_, r) => r.writeHead(302, { location: "/" }).end(),
    "302",
  ],
  ["answers 204", (_, response) => response.writeHead(204).end(), "204"],
])("one that %s is given up after the attempts", async (_, listener, last) => {
  const result = await smoke(await serve(listener), options, () => {});
  expect(result).toEqual({ ok: false, attempts: 3, last });
});

test("nobody listening is told as such", async () => {
  const url = await serve(() => {});
  server.close();
  await once(server, "close");
  expect((await smoke(url, options, () => {})).last).toContain("ECONNREFUSED");
});
