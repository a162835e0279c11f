import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The two reads of Cloudflare's API that `plue doctor` makes of a zone, answered as its reference says.
 * @see https://developers.cloudflare.com/api/resources/zones/methods/get/
 * @see https://developers.cloudflare.com/api/resources/rulesets/methods/list/
 */
export class FakeCloudflare {
  readonly zone = { name: "plue.dev", status: "active", plan: { name: "Pro Website" } };
  readonly rulesets: { readonly id: string; readonly kind: string; readonly phase: string }[] = [];
  /** What it refuses the token with, and 403. */
  refusal?: { readonly code: number; readonly message: string };

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeCloudflare> {
    const server = createServer();
    const fake = new FakeCloudflare(server);
    server.on("request", ({ url = "" }, response) => {
      const result = url.endsWith("/rulesets") ? fake.rulesets : fake.zone;
      response
        .writeHead(fake.refusal ? 403 : 200, { "content-type": "application/json" })
        .end(
          JSON.stringify(
            fake.refusal
              ? { success: false, errors: [fake.refusal], result: null }
              : { success: true, errors: [], result },
          ),
        );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return fake;
  }

  /** As CLOUDFLARE_BASE_URL takes it. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/client/v4`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
