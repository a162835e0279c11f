import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { FakeSecretManager } from "../../support/fake-secret-manager";
import { describeWith } from "../../support/needs";

/**
 * The function as Google's runtime starts it, by the functions framework, with Google's own client: sends each line of its input
 * to it, as Pub/Sub pushes messages, and says what it answered.
 */
const DRIVER = `
import json, sys
from functions_framework import create_app
from google.auth.credentials import AnonymousCredentials
from google.cloud import secretmanager
from google.cloud.secretmanager_v1.services.secret_manager_service import transports

host, source = sys.argv[1:]
app = create_app("rotate_secret", source, "http").test_client()
transport = transports.SecretManagerServiceRestTransport(
    host=host, url_scheme="http", credentials=AnonymousCredentials())
sys.modules["main"].client = lambda: secretmanager.SecretManagerServiceClient(transport=transport)
sys.stdout = sys.stderr
for line in sys.stdin:
    print(app.post("/", data=line, content_type="application/json").status_code, file=sys.__stdout__)
`;

const SECRET = "copy-that-staging/app-secret-key";
const NAME = `projects/copy-that-staging/secrets/app-secret-key`;

describeWith("functions-framework")("rotate-secrets", () => {
  let manager: FakeSecretManager;
  let folder: string;
  beforeEach(async () => {
    manager = await FakeSecretManager.start();
    folder = mkdtempSync(join(tmpdir(), "plue-rotate-"));
  });
  afterEach(async () => {
    await manager.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the function answers to each message, and what it logs. */
  async function push(...messages: unknown[]): Promise<{ answers: number[]; log: string }> {
    const source = resolve("stacks/copy-that/functions/rotate-secrets/main.py");
    const python = spawn(interpreter(), ["-c", DRIVER, manager.host, source], {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    let [out, log] = ["", ""];
    python.stdout.on("data", (chunk) => {
      out += chunk;
    });
    python.stderr.on("data", (chunk) => {
      log += chunk;
    });
    python.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
    await once(python, "close");
    return { answers: out.trim().split("\n").map(Number), log };
  }

  test("adds another random value, and leaves the one in use alone", async () => {
    const versions = manager.declare(SECRET, 30);
    const { answers, log } = await push(reminder());
    expect(answers).toEqual([200]);
    const [first, second] = manager.values(SECRET);
    expect(first).toBe("value of 30 days ago");
    expect(second).toMatch(/^[A-Za-z0-9_-]{64}$/);
    expect(versions.map(({ state }) => state)).toEqual(["ENABLED", "ENABLED"]);
    expect(log).toContain('"severity": "NOTICE"');
    expect(log).not.toContain(second);
  });

  test("gives a secret that has none its first value", async () => {
    manager.declare(SECRET);
    expect((await push(reminder())).answers).toEqual([200]);
    expect(manager.values(SECRET)).toHaveLength(1);
  });

  test("of a reminder that comes twice, the second adds nothing", async () => {
    manager.declare(SECRET, 60, 30);
    const once = reminder();
    expect((await push(once, once)).answers).toEqual([200, 200]);
    expect(manager.values(SECRET)).toHaveLength(3);
  });

  test("two reminders make two values, which differ", async () => {
    manager.declare(SECRET, 60);
    await push(reminder());
    await new Promise((resolve) => setTimeout(resolve, 5));
    await push(reminder());
    const [, second, third] = manager.values(SECRET);
    expect(third).not.toBe(second);
  });

  test("fails where Secret Manager refuses, so that the reminder comes again", async () => {
    manager.declare(SECRET, 30);
    manager.forbidden.add(SECRET);
    expect((await push(reminder())).answers).toEqual([500]);
    manager.forbidden.delete(SECRET);
    expect((await push(reminder())).answers).toEqual([200]);
  });

  test("does nothing for another change of the secret, its own among them", async () => {
    manager.declare(SECRET, 30);
    expect((await push(reminder({ eventType: "SECRET_VERSION_ADD" }))).answers).toEqual([204]);
    expect(manager.calls).toBe(0);
  });

  test.each([
    ["no message", {}],
    ["no attributes", { message: { data: "" } }],
    ["data that is no JSON", reminder({}, "bm8=")],
    ["no data", reminder({}, "")],
  ])("refuses %s, and says so", async (_, body) => {
    const { answers, log } = await push(body);
    expect(answers).toEqual([400]);
    expect(log).toContain('"severity": "ERROR"');
    expect(manager.calls).toBe(0);
  });
});

/** A reminder of now, as Pub/Sub pushes it. */
function reminder(attributes: object = {}, data?: string) {
  return {
    subscription: "projects/copy-that-staging/subscriptions/secret_rotation_rotate",
    message: {
      attributes: { eventType: "SECRET_ROTATE", secretId: NAME, dataFormat: "JSON_API_V1", ...attributes },
      data: data ?? Buffer.from(JSON.stringify({ name: NAME })).toString("base64"),
      messageId: "1",
      publishTime: new Date().toISOString(),
    },
  };
}

/** Python with the function's packages, which is beside the functions framework. */
function interpreter(): string {
  const folder = (process.env["PATH"] ?? "")
    .split(delimiter)
    .find((each) => /functions-framework-/.test(each));
  return join(folder ?? "", "python");
}
