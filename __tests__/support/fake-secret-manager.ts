import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Version {
  state: "ENABLED" | "DISABLED" | "DESTROYED";
  readonly created: Date;
  readonly data: string;
  scheduledDestroyTime?: string;
}

/**
 * The calls of Secret Manager that the command line makes, answered as its reference says. Google has no emulator of it,
 * so what this shows is what is sent, not that Google takes it.
 * @see https://cloud.google.com/secret-manager/docs/reference/rest
 */
export class FakeSecretManager {
  /** Versions by `project/secret`, the first one first. */
  readonly secrets = new Map<string, Version[]>();
  /** Secrets that the caller may not touch. */
  readonly forbidden = new Set<string>();

  /** How often it was called. */
  calls = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeSecretManager> {
    const server = createServer();
    const fake = new FakeSecretManager(server);
    server.on("request", async (request: IncomingMessage, response) => {
      fake.calls++;
      const { status, answer } = fake.answer(request.method ?? "", request.url ?? "", await bodyOf(request));
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return fake;
  }

  /** As SECRET_MANAGER_EMULATOR_HOST takes it. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Makes a secret, with a version for each age in days, oldest first. */
  declare(secret: string, ...ages: number[]): Version[] {
    const versions = ages.map(
      (days): Version => ({
        state: "ENABLED",
        created: new Date(Date.now() - days * 86_400_000),
        data: `value of ${days} days ago`,
      }),
    );
    this.secrets.set(secret, versions);
    return versions;
  }

  /** Values of a secret's versions. */
  values(secret: string): string[] {
    return (this.secrets.get(secret) ?? []).map(({ data }) => data);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  private answer(method: string, url: string, body: string): { status: number; answer: object } {
    const { pathname, searchParams } = new URL(url, "http://fake");
    const path = /^\/v1\/projects\/([^/]+)\/secrets\/([^/:]+)(.*)$/.exec(pathname);
    const key = `${path?.[1]}/${path?.[2]}`;
    const versions = this.secrets.get(key);
    if (this.forbidden.has(key)) return refusal(403, `Permission denied on resource project ${path?.[1]}.`);
    if (!path || !versions) return refusal(404, `Secret [${key}] not found.`);
    const describe = (index: number) => show(key, index, versions[index] as Version);
    const action = `${method} ${path[3]}`;
    if (action === "GET /versions") {
      // Newest first, and in pages of two, so that who reads the first page alone is found out.
      const start = Number(searchParams.get("pageToken") ?? 0);
      const newest = versions.map((_, index) => describe(index)).reverse();
      const next = start + 2 < newest.length ? { nextPageToken: String(start + 2) } : {};
      return { status: 200, answer: { versions: newest.slice(start, start + 2), ...next } };
    }
    if (action === "POST :addVersion") {
      const data = Buffer.from(JSON.parse(body).payload.data, "base64").toString("utf8");
      versions.push({ state: "ENABLED", created: new Date(), data });
      return { status: 200, answer: describe(versions.length - 1) };
    }
    const destroyed = Number(/^POST \/versions\/(\d+):destroy$/.exec(action)?.[1]) - 1;
    const version = versions[destroyed];
    if (!version) return refusal(404, `${action} not found.`);
    version.state = "DISABLED";
    version.scheduledDestroyTime = "2030-01-08T00:00:00Z";
    return { status: 200, answer: describe(destroyed) };
  }
}

function show(key: string, index: number, { state, created, scheduledDestroyTime }: Version): object {
  const name = `projects/1/secrets/${key.split("/")[1]}/versions/${index + 1}`;
  return { name, state, createTime: created.toISOString(), scheduledDestroyTime };
}

function refusal(code: number, message: string) {
  return { status: code, answer: { error: { code, message } } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
