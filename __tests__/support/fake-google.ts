import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeGcs } from "./fake-gcs";

/** A call, as it came. */
export interface Call {
  readonly method: string;
  /** With query. */
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: a body has no one shape
  readonly body: any;
}

/** An answer instead of the usual one. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly reason?: string;
}

/**
 * Service Usage and Cloud KMS as far as `plue bootstrap` calls them, Cloud Monitoring and Artifact Registry as far as `plue
 * doctor` does, Cloud Logging as far as `plue ci drift-log` does, and Cloud Storage by fake-gcs-server behind it, which has neither encryption nor service agents. It shows what we ask and how we take the answers; it proves nothing
 * about Google.
 */
export class FakeGoogle {
  readonly calls: Call[] = [];
  readonly enabled = new Set<string>();
  /** Key rings and keys by name. */
  readonly keys = new Set<string>();
  readonly policies = new Map<string, object>();
  /** Display names of notification channels. */
  readonly channels = new Set<string>();
  /** Images by name and tag: `zig-api:alice`. */
  readonly images = new Set<string>();
  /** What to refuse. */
  refuse: (call: Call) => Refusal | undefined = () => undefined;

  private constructor(
    private readonly server: Server,
    public gcs: FakeGcs,
    private readonly projectNumber: string,
  ) {}

  static async start(projectNumber = "0"): Promise<FakeGoogle> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const fake = new FakeGoogle(server, await FakeGcs.start(), projectNumber);
    server.on("request", (request, response) => void fake.serve(request, response));
    return fake;
  }

  /** What makes a command speak to it. */
  get environment(): Record<string, string> {
    const host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return { GOOGLE_APIS_EMULATOR_HOST: host, STORAGE_EMULATOR_HOST: host };
  }

  /** Calls that changed something, without their bodies. */
  get changes(): string[] {
    return this.calls
      .filter(({ method, path }) => method !== "GET" && !path.endsWith(":getIamPolicy"))
      .map(({ method, path }) => `${method} ${path.replace(/\?(?!keyRingId|cryptoKeyId|name).*/, "")}`);
  }

  /** Forgets everything. */
  async restart(): Promise<void> {
    for (const known of [this.enabled, this.keys, this.policies, this.channels, this.images]) known.clear();
    this.calls.length = 0;
    await this.gcs.stop();
    this.gcs = await FakeGcs.start();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await this.gcs.stop();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const call = { method: request.method ?? "", path: request.url ?? "", body: parsed(sent) };
    this.calls.push(call);
    const refusal = this.refuse(call);
    if (refusal) return answer(response, refusal.code, errorOf(refusal));
    const { pathname, searchParams } = new URL(call.path, "http://google");
    if (pathname.endsWith("/serviceAccount"))
      return answer(response, 200, {
        email_address: "service-0@gs-project-accounts.iam.gserviceaccount.com",
      });
    if (/^\/(upload|download)?\/?storage\//.test(pathname)) return this.forward(request, sent, response);
    const known = this.answerTo(call, pathname.replace(/^\/v\d\//, ""), searchParams);
    if (known) return answer(response, 200, known);
    answer(response, 404, errorOf({ code: 404, message: `${pathname} not found.` }));
  }

  private answerTo({ method, body }: Call, path: string, query: URLSearchParams): object | undefined {
    if (path.endsWith("services:batchGet"))
      return {
        services: query.getAll("names").map((name) => {
          const service = name.slice(name.lastIndexOf("/") + 1);
          const state = this.enabled.has(service) ? "ENABLED" : "DISABLED";
          return { name: `projects/${this.projectNumber}/services/${service}`, state };
        }),
      };
    if (path.endsWith("services:batchEnable")) {
      for (const service of body.serviceIds) this.enabled.add(service);
      return { name: "operations/enable", done: false };
    }
    if (path === "operations/enable") return { name: path, done: true };
    if (path.endsWith("/notificationChannels")) {
      const [, name = ""] = /display_name="([^"]+)"/.exec(query.get("filter") ?? "") ?? [];
      // Without a result Google leaves the list out.
      return this.channels.has(name) ? { notificationChannels: [{ displayName: name }] } : {};
    }
    if (path === "entries:write") return {};
    const [, image, tag] = /\/packages\/([^/]+)\/tags\/([^/]+)$/.exec(path) ?? [];
    if (image) return this.images.has(`${image}:${tag}`) ? { name: path } : undefined;
    const created = query.get("keyRingId") ?? query.get("cryptoKeyId");
    if (created && method === "POST") {
      this.keys.add(`${path}/${created}`);
      return { name: `${path}/${created}` };
    }
    const [key = "", verb] = path.split(":");
    if (!this.keys.has(key)) return undefined;
    if (verb === "setIamPolicy") this.policies.set(key, body.policy);
    return verb ? (this.policies.get(key) ?? { etag: "BwXhqDVEjyQ=" }) : { name: key };
  }

  private async forward(request: IncomingMessage, sent: Buffer, response: ServerResponse): Promise<void> {
    const type = request.headers["content-type"];
    const answered = await fetch(this.gcs.url + request.url, {
      method: request.method ?? "GET",
      ...(type && { headers: { "content-type": type } }),
      ...(sent.length > 0 && { body: new Uint8Array(sent) }),
    });
    response
      .writeHead(answered.status, { "content-type": answered.headers.get("content-type") ?? "text/plain" })
      .end(Buffer.from(await answered.arrayBuffer()));
  }
}

function parsed(sent: Buffer): unknown {
  try {
    return JSON.parse(sent.toString("utf8"));
  } catch {
    return sent.toString("utf8");
  }
}

function errorOf({ code, message, reason }: Refusal): object {
  return { error: { code, message, details: reason ? [{ reason }] : [] } };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
