import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Manifest, Rendered } from "../support/helm";
import { describeUnless } from "../support/needs";
import { missingOfPgBouncer, Pooler } from "../support/pgbouncer";
import { describeWithPostgres, PostgresServer } from "../support/postgres";

const USER = "pooler@acme.iam";
const SELF = "SELECT current_user";

/** Files that the chart would mount. */
function filesOf(values: object): Record<string, string> {
  const rendered = new Rendered({ chart: "pgbouncer", namespace: "shop", values: ["values.yaml", values] });
  return rendered.all("ConfigMap")[0].data;
}

/** A certificate for an address that signs itself, and its key. */
function certificateFor(subject: string): { certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "plue-certificate-"));
  try {
    const [key, certificate] = [join(folder, "key"), join(folder, "certificate")];
    const asked = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${subject} -addext subjectAltName=IP:${subject}`;
    spawnSync("openssl", [...asked.split(" "), "-keyout", key, "-out", certificate]);
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Databases and the user, as a Cloud SQL instance would have them. */
function createShop(server: PostgresServer, user: string, password?: string): void {
  server.run(`CREATE ROLE "${user}" LOGIN ${password ? `PASSWORD '${password}'` : ""}`);
  server.run("CREATE ROLE mallory LOGIN");
  server.run("CREATE DATABASE shop_production");
}

const describePooler =
  missingOfPgBouncer.length > 0 ? describeUnless(missingOfPgBouncer) : describeWithPostgres;

describePooler("PgBouncer with the chart's configuration, and the proxy that logs in by IAM", () => {
  let server: PostgresServer;
  let pooler: Pooler;
  beforeAll(async () => {
    // The proxy lets the user in without a password, as this server does.
    server = await PostgresServer.start("postgres", []);
    createShop(server, USER);
    const values = {
      login: { user: USER },
      databases: { app: null, shop: { database: "shop_production", poolSize: 2 } },
    };
    pooler = await Pooler.start(filesOf(values), server.port);
  });
  afterAll(async () => {
    await pooler?.stop();
    await server?.stop();
  });

  test("leads to the database by the name that clients use, as the one user", () => {
    expect(pooler.ask(USER, "shop", `${SELF}; SELECT current_database()`)).toEqual({
      ok: true,
      text: `${USER}\nshop_production`,
    });
  });

  test.each([
    ["another user", "mallory", "shop"],
    ["another database", USER, "postgres"],
    ["who only looks at statistics, into a database", "metrics", "shop"],
  ])("lets in no %s", (_, user, database) => {
    expect(pooler.ask(user, database, SELF).ok).toBe(false);
  });

  test("shows statistics to the exporter, which can do nothing else", () => {
    expect(pooler.ask("metrics", "pgbouncer", "SHOW POOLS")).toMatchObject({
      ok: true,
      text: expect.stringContaining("pgbouncer"),
    });
    for (const order of ["PAUSE", "SHUTDOWN", "RELOAD", "KILL shop", "SET pool_mode = session"])
      expect(pooler.ask("metrics", "pgbouncer", order)).toEqual({
        ok: false,
        text: expect.stringContaining("admin access needed"),
      });
  });

  test("shows its console to no client", () => {
    expect(pooler.ask(USER, "pgbouncer", "SHOW POOLS")).toEqual({
      ok: false,
      text: expect.stringContaining("not allowed"),
    });
  });

  test("serves many clients at once with no more connections than the pool has", async () => {
    const clients = await Promise.all(
      Array.from({ length: 12 }, () => pooler.hold(USER, "shop", "SELECT pg_backend_pid()")),
    );
    expect(new Set(clients).size).toBeLessThanOrEqual(2);
    const open = server.run(`SELECT count(*) FROM pg_stat_activity WHERE usename = '${USER}'`);
    expect(Number(open)).toBeLessThanOrEqual(2);
  });
});

describePooler("PgBouncer with the chart's configuration, a password, and a server over TLS", () => {
  const PASSWORD = `s3cret"'`;
  let own: ReturnType<typeof certificateFor>;
  const login = { user: "shop", secret: { projectId: "p", secretId: "db", version: 1 } };
  let server: PostgresServer;
  const open: Pooler[] = [];

  /** As external-secrets fills in the template of the chart's ExternalSecret. */
  function userlist(values: object): string {
    const rendered = new Rendered({ chart: "pgbouncer", namespace: "shop", values: ["values.yaml", values] });
    const template: string = (rendered.all("ExternalSecret")[0] as Manifest).spec.target.template.data[
      "userlist.txt"
    ];
    expect(template).toContain('{{ .password | replace "\\"" "\\"\\"" }}');
    return template.replace(/\{\{.*\}\}/, () => PASSWORD.replaceAll('"', '""'));
  }

  async function start(ca: string, mode = "verify-full"): Promise<Pooler> {
    const values = {
      login,
      databases: { app: null, shop: { database: "shop_production", poolSize: 1 } },
      server: { host: "127.0.0.1", tls: { mode, ca }, proxy: { instanceConnectionName: "" } },
    };
    const pooler = await Pooler.start({ ...filesOf(values), "userlist.txt": userlist(values) }, server.port);
    open.push(pooler);
    return pooler;
  }

  beforeAll(async () => {
    own = certificateFor("127.0.0.1");
    server = await PostgresServer.start("postgres", ["shop"], own);
    createShop(server, "shop", PASSWORD.replaceAll("'", "''"));
  });
  afterAll(async () => {
    for (const pooler of open) await pooler.stop();
    await server?.stop();
  });

  test("lets in who has the password, quotes and all, and speaks TLS to the server", async () => {
    const pooler = await start(own.certificate);
    expect(
      pooler.ask("shop", "shop", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", PASSWORD),
    ).toEqual({ ok: true, text: "t" });
  });

  test.each([
    ["another password", "wrong"],
    ["no password", undefined],
  ])("refuses %s", async (_, password) => {
    const pooler = await start(own.certificate);
    expect(pooler.ask("shop", "shop", SELF, password).ok).toBe(false);
  });

  test("does not log in to a server whose certificate another authority signed", async () => {
    const pooler = await start(certificateFor("192.0.2.9").certificate);
    expect(pooler.ask("shop", "shop", SELF, PASSWORD).ok).toBe(false);
    await pooler.logged(/certificate verify failed/);
  });
});
