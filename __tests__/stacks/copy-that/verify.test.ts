import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith } from "../../support/needs";

interface Asked {
  readonly what: string;
  readonly token: string | undefined;
  readonly body: string;
}

describeWith(
  "bash",
  "curl",
  "jq",
)("verify.sh", () => {
  let folder: string;
  let server: Server;
  let statuses: Record<string, number>;
  let asked: Asked[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plue-verify-"));
    for (const name of ["verify.sh", "cdktf.json", "releases.json"])
      cpSync(join("stacks/copy-that", name), join(folder, name));
    statuses = { "/health": 200, "/api/status": 200, "/api/projects": 201 };
    asked = [];
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const path = request.url ?? "";
      asked.push({ what: `${request.method} ${path}`, token: request.headers.authorization, body });
      response.writeHead(statuses[path] ?? 404).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    server.close();
    await once(server, "close");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs it with a gcloud that says how it was called, tells where the stand-in of the API is, and signs. */
  async function verify(environment: string) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const traffic = [
      { tag: "stable", url: "http://127.0.0.1:9" },
      { tag: "canary", url },
    ];
    const described = JSON.stringify({ status: { url, traffic } });
    writeFileSync(
      join(folder, "gcloud"),
      [
        "#!/bin/sh",
        `echo "$*" >> "${folder}/calls"`,
        `case "$*" in`,
        `  "run services describe"*) echo '${described}' ;;`,
        `  "iam service-accounts sign-jwt"*) cp "$4" "${folder}/claims"; printf signed > "$5" ;;`,
        "esac",
      ].join("\n"),
    );
    chmodSync(join(folder, "gcloud"), 0o755);
    const child = spawn("bash", [join(folder, "verify.sh"), environment], {
      env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, PAUSE: "0" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    const [status] = await once(child, "close");
    return { status, output, calls: readFileSync(join(folder, "calls"), "utf8").trim().split("\n"), url };
  }

  const trafficOf = (environment: string) => {
    const file = join(folder, "releases.json");
    const releases = JSON.parse(readFileSync(file, "utf8"));
    releases[environment].api.traffic = { stable: "3f2a91c0" };
    writeFileSync(file, JSON.stringify(releases));
  };

  test("migrates first, and asks what the document asks, signed for Identity-Aware Proxy", async () => {
    const { status, calls, url } = await verify("staging");
    expect(status).toBe(0);
    expect(calls[0]).toBe(
      "run jobs execute copy-that-migrate-staging --project=copy-that-staging --region=us-central1 --wait",
    );
    expect(asked).toEqual([
      { what: "GET /health", token: "Bearer signed", body: "" },
      { what: "GET /api/status", token: "Bearer signed", body: "" },
      { what: "POST /api/projects", token: "Bearer signed", body: '{"name": "smoke-test"}' },
    ]);
    const claims = JSON.parse(readFileSync(join(folder, "claims"), "utf8"));
    const account = "github-actions-staging@copy-that-staging.iam.gserviceaccount.com";
    expect(claims).toMatchObject({ iss: account, sub: account, aud: `${url}/*`, exp: claims.iat + 600 });
  });

  test("asks the revision that is being tried, where there is one", async () => {
    trafficOf("staging");
    expect((await verify("staging")).status).toBe(0);
    expect(asked).toHaveLength(3);
  });

  test.each(["/health", "/api/status", "/api/projects"])("fails where %s does not answer", async (path) => {
    statuses[path] = 500;
    const { status, output } = await verify("staging");
    expect(status).toBe(1);
    expect(output).toContain(`${path} answers 500, and not 20`);
    // Five times, and nothing after it.
    expect(asked.filter(({ what }) => what.endsWith(path))).toHaveLength(5);
    expect(asked.at(-1)?.what).toContain(path);
  });

  test("takes 200 for a project as well as 201", async () => {
    statuses["/api/projects"] = 200;
    expect((await verify("staging")).status).toBe(0);
  });

  test("a second answer is enough", async () => {
    statuses["/health"] = 503;
    server.once("request", () => {
      statuses["/health"] = 200;
    });
    expect((await verify("staging")).status).toBe(0);
  });
});
