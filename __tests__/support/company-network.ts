import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";

/** Hosts of Google's, each answered by a server of this machine: `127.0.0.1:1234`. */
export type Hosts = Readonly<Record<string, string>>;

/**
 * A network from which a proxy alone leads out, as companies have them: it takes CONNECT with a log-in, and what it leads to
 * answers for Google with a certificate that the company made.
 */
export class CompanyNetwork {
  /** Where somebody wanted to go: `storage.googleapis.com:443`. */
  readonly asked: string[] = [];

  private constructor(
    private readonly proxy: Server,
    private readonly google: Server,
    private readonly certificate: string,
  ) {}

  /** @param folder for key and certificate */
  static async start(folder: string, hosts: Hosts): Promise<CompanyNetwork> {
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=The company"],
      ...["-addext", "subjectAltName=DNS:*.googleapis.com", "-keyout", key, "-out", certificate],
    ]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    const google = createTlsServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => void answer(request, response, hosts),
    );
    const network = new CompanyNetwork(createServer(), google, certificate);
    await network.open();
    return network;
  }

  /** What makes a program use it. */
  get environment(): Record<string, string> {
    return {
      HTTPS_PROXY: `http://alice:secret@127.0.0.1:${portOf(this.proxy)}`,
      NODE_EXTRA_CA_CERTS: this.certificate,
    };
  }

  async stop(): Promise<void> {
    for (const server of [this.proxy, this.google]) {
      server.closeAllConnections();
      server.close();
    }
  }

  private async open(): Promise<void> {
    const login = `Basic ${Buffer.from("alice:secret").toString("base64")}`;
    this.proxy.on("connect", (request, socket, head) => {
      socket.on("error", () => {});
      this.asked.push(request.url ?? "");
      if (request.headers["proxy-authorization"] !== login)
        return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      const beyond = connect(portOf(this.google), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        beyond.write(head);
        beyond.pipe(socket).pipe(beyond);
      });
      beyond.on("error", () => socket.destroy());
    });
    for (const server of [this.proxy, this.google]) await once(server.listen(0, "127.0.0.1"), "listening");
  }
}

/** As the server answers that stands for the host; a log-in's token is known to nobody. */
async function answer(request: IncomingMessage, response: ServerResponse, hosts: Hosts): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const json = (body: object) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  const host = request.headers.host ?? "";
  if (request.url?.startsWith("/tokeninfo"))
    return void json({ email: "alice@plue.dev", expires_in: 3600, scope: "email" });
  if (host === "oauth2.googleapis.com") return void json({ access_token: "of-alice", expires_in: 3600 });
  if (host === "iamcredentials.googleapis.com")
    return void json({
      accessToken: "of-her-deployer",
      expireTime: new Date(Date.now() + 3_600_000).toISOString(),
    });
  const answered = await fetch(`http://${hosts[host]}${request.url}`, {
    method: request.method ?? "GET",
    headers: { "content-type": request.headers["content-type"] ?? "application/json" },
    ...(chunks.length > 0 && { body: new Uint8Array(Buffer.concat(chunks)) }),
  });
  const type = answered.headers.get("content-type") ?? "text/plain";
  response.writeHead(answered.status, { "content-type": type });
  response.end(Buffer.from(await answered.arrayBuffer()));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
