import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { StateBucket } from "../../../tools/state/state-bucket";
import { HOSTILE, obeyed } from "../../support/hostile-text";

const recorded = readFileSync("__tests__/tools/state/fixtures/terraform-1.11.tfstate", "utf8");
const UPDATED = "2026-11-20T10:00:00.000Z";

/** A bucket that answers as Google's API does, for what an emulator cannot do: refuse. */
let server: Server;
let answer: (url: URL) => { status: number; body: string };
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://bucket");
    asked.push(url.pathname + url.search);
    const { status, body } = answer(url);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  process.env["STORAGE_EMULATOR_HOST"] = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  delete process.env["STORAGE_EMULATOR_HOST"];
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const bucket = () => new StateBucket("plue-terraform-state", "plue-staging");
const refusal = (code: number, message = "no") => ({
  status: code,
  body: JSON.stringify({ error: { code, message } }),
});
const ok = (body: string) => ({ status: 200, body });
const object = (name: string) => ({
  name,
  updated: UPDATED,
  timeCreated: UPDATED,
  generation: "1234",
  bucket: "b",
});
const listing = (...names: string[]) =>
  ok(JSON.stringify({ kind: "storage#objects", items: names.map(object) }));

test("a bucket that is not there is told apart from an empty one", async () => {
  answer = () => refusal(404, "The specified bucket does not exist.");
  await expect(bucket().stacks([])).rejects.toMatchObject({
    fault: "missing",
    message: expect.stringContaining(
      "there is no bucket plue-terraform-state (The specified bucket does not exist): check stateBucket in cdktf.json",
    ),
  });
  answer = () => listing();
  expect(await bucket().stacks(["staging-bob"])).toEqual({ stacks: [], partial: false });
});

test("who may not list the bucket gets what she may read, and is told that it is not all", async () => {
  answer = ({ pathname, searchParams }) => {
    if (pathname.endsWith("/o"))
      return searchParams.get("prefix") === "staging-alice/"
        ? listing("staging-alice/default.tfstate")
        : refusal(403);
    return ok(recorded);
  };
  const { stacks, partial } = await bucket().stacks(["staging-alice", "staging-bob"]);
  expect(partial).toBe(true);
  expect(stacks).toMatchObject([
    { stack: "staging-alice", state: { serial: 2 }, lastChange: new Date(UPDATED) },
    { stack: "staging-bob", error: { fault: "forbidden" } },
  ]);
});

test("other objects of the bucket are not read", async () => {
  answer = () => listing("readme.txt", "staging-alice/other.tfstate", "a/b/default.tfstate");
  expect((await bucket().stacks([])).stacks).toEqual([]);
  expect(asked).toHaveLength(1);
});

test("a damaged state is an error of its stack, beside the others", async () => {
  answer = ({ pathname }) => {
    if (pathname.endsWith("/o"))
      return listing("staging-alice/default.tfstate", "staging-bob/default.tfstate");
    return ok(pathname.includes("alice") ? recorded.slice(0, 1000) : recorded);
  };
  const { stacks } = await bucket().stacks([]);
  expect(stacks).toMatchObject([{ error: { fault: "damaged" } }, { state: { serial: 2 } }]);
});

test("a lock says who holds it since when, and its number for force-unlock", async () => {
  const lock = {
    ID: "x",
    Operation: "OperationTypeApply",
    Who: "alice@laptop",
    Created: "2026-11-21T10:00:00.123456789Z",
  };
  answer = ({ pathname }) =>
    pathname.endsWith("/o") ? listing("staging-alice/default.tflock") : ok(JSON.stringify(lock));
  expect((await bucket().stack("staging-alice")).lock).toEqual({
    id: "1234",
    who: "alice@laptop",
    operation: "OperationTypeApply",
    since: new Date("2026-11-21T10:00:00.123Z"),
  });
});

test.each(["", "{", "null", "[]", '{"Who": 1}'])(
  "a lock that holds %j is as old as its file",
  async (text) => {
    answer = ({ pathname }) => (pathname.endsWith("/o") ? listing("staging-alice/default.tflock") : ok(text));
    expect((await bucket().stack("staging-alice")).lock).toEqual({ id: "1234", since: new Date(UPDATED) });
  },
);

test("whatever somebody writes into a lock or calls a folder, nothing of it is obeyed or ends a line", async () => {
  const lock = { Operation: HOSTILE, Who: HOSTILE, Created: UPDATED };
  const name = `a$(id)\u001b[2J\n::x`;
  answer = ({ pathname }) =>
    pathname.endsWith("/o")
      ? listing(`${name}/default.tflock`, `${name}/default.tfstate`)
      : ok(pathname.includes("tflock") ? JSON.stringify(lock) : "{");
  const { stacks } = await bucket().stacks([]);
  expect(stacks).toMatchObject([{ stack: "a??id???2J???x", error: { fault: "damaged" } }]);
  const { who = "", operation } = stacks[0]?.lock ?? {};
  expect(operation).toBeUndefined();
  for (const text of [who, stacks[0]?.error?.message ?? ""]) {
    expect(text).not.toBe("");
    expect(obeyed(text)).toEqual([]);
    expect(text).not.toContain("\n");
  }
});

test("an emulator that is no host is told", () => {
  const url = process.env["STORAGE_EMULATOR_HOST"];
  process.env["STORAGE_EMULATOR_HOST"] = "::";
  expect(bucket).toThrow('STORAGE_EMULATOR_HOST is "::": give host and port, such as localhost:4443');
  process.env["STORAGE_EMULATOR_HOST"] = url;
});
