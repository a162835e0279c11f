import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port";
import { isHere } from "./needs";
import type { Answer } from "./postgres";

/** It refuses to run as root; as root these tests run it as nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
/** Debian puts it where only root's path leads. */
const PATH = `${process.env["PATH"]}:/usr/sbin`;

/** What PgBouncer needs and is not here. */
export const missingOfPgBouncer = ["pgbouncer", "psql", "helm", "openssl"].filter((tool) => !isHere(tool));

/** Quiet, unaligned, and no further than the first error. */
const PSQL = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];

/** Where the chart puts its files. */
const MOUNTS = /\/etc\/pgbouncer(-login)?\//g;

/** PgBouncer with a chart's configuration, on loopback. */
export class Pooler {
  private readonly clients: ChildProcess[] = [];

  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly port: number,
    private readonly log: () => string,
  ) {}

  /**
   * @param files of the chart's ConfigMap and Secret; addresses and folders in them become those of here
   * @param serverPort of the server on loopback
   */
  static async start(files: Readonly<Record<string, string>>, serverPort: number): Promise<Pooler> {
    const folder = mkdtempSync(join(tmpdir(), "plue-pgbouncer-"));
    chmodSync(folder, 0o755);
    const port = await freePort();
    for (const [name, content] of Object.entries(files))
      writeFileSync(
        join(folder, name),
        content
          .replaceAll(MOUNTS, `${folder}/`)
          .replace(/host=\S+ port=\d+/g, `host=127.0.0.1 port=${serverPort}`)
          .replace("listen_addr = 0.0.0.0", "listen_addr = 127.0.0.1")
          .replace("listen_port = 6432", `listen_port = ${port}`),
      );
    const pgbouncer = spawn("pgbouncer", [join(folder, "pgbouncer.ini")], {
      ...NOBODY,
      env: { ...process.env, PATH },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let log = "";
    pgbouncer.stderr?.setEncoding("utf8").on("data", (chunk) => {
      log += chunk;
    });
    while (!/process up/.test(log) && pgbouncer.exitCode === null)
      await Promise.race([once(pgbouncer.stderr as NodeJS.ReadableStream, "data"), once(pgbouncer, "close")]);
    if (pgbouncer.exitCode !== null) throw new Error(log);
    return new Pooler(pgbouncer, folder, port, () => log);
  }

  /** What a user gets for SQL. */
  ask(user: string, database: string, sql: string, password?: string): Answer {
    const { status, stdout, stderr } = spawnSync("psql", PSQL, {
      input: sql,
      encoding: "utf8",
      env: this.environment(user, database, password),
    });
    return { ok: status === 0, text: (status === 0 ? stdout : stderr).trim() };
  }

  /** Connects, asks one thing, and stays connected until the pooler stops. */
  async hold(user: string, database: string, sql: string): Promise<string> {
    const psql = spawn("psql", PSQL, { env: this.environment(user, database) });
    this.clients.push(psql);
    psql.stdout.setEncoding("utf8");
    psql.stdin.write(`${sql};\n`);
    const [answer] = await once(psql.stdout, "data");
    return answer.trim();
  }

  /** Waits until its log has something. */
  async logged(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.log())) await once(this.process.stderr as NodeJS.ReadableStream, "data");
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.kill();
    this.process.kill("SIGQUIT");
    if (this.process.exitCode === null) await once(this.process, "close");
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
      PGCONNECT_TIMEOUT: "5",
    };
  }
}
