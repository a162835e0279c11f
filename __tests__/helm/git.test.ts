import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { STREAMS_SERVICE } from "../../stacks/plue/names";
import { describeCharts, type Manifest, passedBy, Rendered } from "../support/helm";

const run = promisify(execFile);

/**
 * The Service that GKE's Gateway sends a request to. It knows exact paths, prefixes and headers' exact values, and refuses a route
 * with anything else: patterns, methods and parameters of the query are not among what `gke-l7-global-external-managed`
 * passes of the Gateway API's conformance tests.
 * @see https://github.com/kubernetes-sigs/gateway-api/tree/main/conformance/reports/v1.1.0/gke-gateway
 */
function serviceOf(
  routes: readonly Manifest[],
  host: string,
  path: string,
  sent: Readonly<Record<string, string>> = {},
): string | undefined {
  const matches = routes
    .filter(({ spec }) => spec.hostnames.includes(host))
    .flatMap(({ spec }) => spec.rules)
    .flatMap(({ matches: conditions = [], backendRefs = [] }) =>
      conditions.map((condition: Manifest) => {
        const { path: at, headers = [], ...unknown } = condition;
        expect(unknown).toEqual({});
        expect(["Exact", "PathPrefix"]).toContain(at.type);
        for (const { type } of headers) expect(type).toBe("Exact");
        return { ...at, headers, service: backendRefs[0].name };
      }),
    )
    .filter(({ type, value, headers }) => {
      const matched = type === "Exact" ? path === value : `${path}/`.startsWith(value.replace(/\/?$/, "/"));
      return matched && headers.every(({ name, value: wanted }: Manifest) => sent[name] === wanted);
    });
  // The longest path first, then the most headers.
  const [first] = matches.sort(
    (a, b) => b.value.length - a.value.length || b.headers.length - a.headers.length,
  );
  return first?.service;
}

/** The load balancer with an API that serves repositories below a path, by Git's own server. */
class Plue {
  private constructor(
    private readonly server: Server,
    readonly folder: string,
    readonly asked: { service: string | undefined; path: string }[],
  ) {}

  static async start(routes: readonly Manifest[], host: string): Promise<Plue> {
    const folder = mkdtempSync(join(tmpdir(), "plue-git-"));
    const asked: Plue["asked"] = [];
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "", "http://plue").pathname;
      const service = serviceOf(routes, host, path);
      asked.push({ service, path });
      if (service === STREAMS_SERVICE && path.startsWith("/git/")) serveGit(folder, request, response);
      else response.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Plue(server, folder, asked);
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  stop(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `git http-backend`, as CGI. */
function serveGit(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "", "http://plue");
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      REMOTE_USER: "alice",
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname.replace(/^\/git/, ""),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  const answer: Buffer[] = [];
  request.pipe(backend.stdin);
  backend.stdout.on("data", (chunk) => answer.push(chunk));
  backend.once("close", () => {
    const all = Buffer.concat(answer);
    const end = all.indexOf("\r\n\r\n");
    const headers = all.subarray(0, end).toString().split("\r\n");
    let status = 200;
    for (const header of headers) {
      const [name = "", value = ""] = header.split(": ");
      if (name === "Status") status = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status).end(all.subarray(end + 4));
  });
}

describeCharts("git over HTTPS", () => {
  const hosts = {
    "staging-alice": ["alice.staging.plue.dev"],
    "production-app": ["plue.dev", "api.plue.dev"],
  };

  describe.each(Object.entries(hosts))("with what %s passes", (stack, names) => {
    const routes = new Rendered(passedBy(stack)).all("HTTPRoute");

    test.each(names)("is cloned and pushed at %s", async (host) => {
      const plue = await Plue.start(routes, host);
      const git = (folder: string, ...args: string[]) =>
        run("git", ["-C", folder, "-c", "user.name=Alice", "-c", "user.email=alice@plue.dev", ...args], {
          env: { PATH: process.env["PATH"], HOME: plue.folder, GIT_TERMINAL_PROMPT: "0" },
        });
      try {
        await run("git", ["init", "--quiet", "--bare", join(plue.folder, "alice/notes.git")]);
        await git(plue.folder, "clone", "--quiet", plue.url("/git/alice/notes.git"), "clone");
        const clone = join(plue.folder, "clone");
        writeFileSync(join(clone, "note"), "kept");
        await git(clone, "add", "note");
        await git(clone, "commit", "--quiet", "-m", "note");
        await git(clone, "push", "--quiet", "origin", "HEAD:main");
        await git(clone, "fetch", "--quiet", "origin", "main");
        expect((await git(join(plue.folder, "alice/notes.git"), "cat-file", "-p", "main:note")).stdout).toBe(
          "kept",
        );
        expect(new Set(plue.asked.map(({ service }) => service))).toEqual(new Set([STREAMS_SERVICE]));
        expect(plue.asked.map(({ path }) => path)).toContain("/git/alice/notes.git/git-receive-pack");
      } finally {
        plue.stop();
      }
    });

    test.each(names)("takes no page of the UI, and no route inside the cluster, at %s", (host) => {
      const ui = host.startsWith("api.") ? undefined : "ui";
      for (const path of ["/", "/gitlab", "/alice/notes", "/internal/model"])
        expect([path, serviceOf(routes, host, path)]).toEqual([path, ui]);
      expect(serviceOf(routes, host, "/api/webhooks/push")).toBe("zig-api");
    });

    test.each(names)("and event streams have a backend of their own at %s, and nothing else has", (host) => {
      const service = (path: string, accept: string) => serviceOf(routes, host, path, { accept });
      expect(service("/api/sessions/1/stream", "text/event-stream")).toBe(STREAMS_SERVICE);
      for (const accept of ["application/json", "*/*"])
        expect(service("/api/sessions/1/stream", accept)).toBe("zig-api");
      expect(service("/health", "text/event-stream")).toBe("zig-api");
    });
  });
});
