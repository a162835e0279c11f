import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "./free-port";
import { describeWith } from "./needs";

/** `describe`, or a skipped one where fake-gcs-server is not there. */
export const describeWithFakeGcs = describeWith("fake-gcs-server");

/** Google Cloud Storage in memory, for one test file. */
export class FakeGcs {
  private constructor(
    private readonly server: ChildProcess,
    /** `http://127.0.0.1:4443`, as STORAGE_EMULATOR_HOST takes it. */
    readonly url: string,
  ) {}

  static async start(): Promise<FakeGcs> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const args = [
      "-backend=memory",
      "-scheme=http",
      "-host=127.0.0.1",
      `-port=${port}`,
      `-external-url=${url}`,
    ];
    const server = spawn("fake-gcs-server", [...args, `-public-host=127.0.0.1:${port}`], { stdio: "ignore" });
    const fake = new FakeGcs(server, url);
    while (!(await fake.isUp())) {
      if (server.exitCode !== null) throw new Error(`fake-gcs-server ended with ${server.exitCode}`);
      await new Promise((tick) => setTimeout(tick, 50));
    }
    return fake;
  }

  /** @param settings as the storage API has them: `{versioning: {enabled: true}}` */
  async createBucket(name: string, settings: object = {}): Promise<void> {
    await this.post("/storage/v1/b?project=test", JSON.stringify({ ...settings, name }));
  }

  async put(bucket: string, name: string, text: string): Promise<void> {
    await this.post(
      `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`,
      text,
    );
  }

  async get(bucket: string, name: string): Promise<string> {
    return (await fetch(`${this.url}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`)).text();
  }

  /** Number of an object's version. */
  async generation(bucket: string, name: string): Promise<string> {
    const response = await fetch(`${this.url}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`);
    return ((await response.json()) as { generation: string }).generation;
  }

  async delete(bucket: string, name: string): Promise<void> {
    await fetch(`${this.url}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`, { method: "DELETE" });
  }

  async stop(): Promise<void> {
    this.server.kill();
    await once(this.server, "close");
  }

  private async post(path: string, body: string): Promise<void> {
    const response = await fetch(this.url + path, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  private async isUp(): Promise<boolean> {
    return fetch(`${this.url}/storage/v1/b?project=test`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
