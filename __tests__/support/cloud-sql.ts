import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineerNames } from "../../stacks/plue/registry/engineer-names";
import { describeCharts, environmentOf, type Rendered } from "./helm";
import { type Answer, describeWithPostgres, PostgresServer } from "./postgres";

const PROJECT = "plue-staging";

/** Of every user that has one. */
const PASSWORD = "correct-horse-1";

/**
 * A PostgreSQL server with the roles and databases that a Cloud SQL instance has, its API's verbs, and Google's two
 * endpoints that hand out a token and a secret.
 *
 * It differs from Cloud SQL in this: logins of IAM are let in by their name, where Cloud SQL asks for a token; and whether
 * the administrator may take rights from users that the API made is for the test to say, as Cloud SQL's documents do not.
 */
export class CloudSqlStandIn {
  /** What the secret holds: the administrator's password. */
  secret = PASSWORD;

  private constructor(
    readonly postgres: PostgresServer,
    private readonly google: Server,
    private readonly scripts: string,
    private readonly environment: Record<string, string>,
    private readonly administrator: string,
    private readonly mayChangeUsers: boolean,
  ) {}

  /**
   * @param rendered a release of the platform chart with its database grants
   * @param mayChangeUsers whether the administrator may take rights from users that the API made; PostgreSQL 16 says no
   */
  static async start(rendered: Rendered, mayChangeUsers: boolean): Promise<CloudSqlStandIn> {
    const [container] = rendered.get("CronJob", "database-grants").spec.jobTemplate.spec.template.spec
      .containers;
    const environment = environmentOf(container);
    const administrator = environment["PGUSER"];
    const scripts = mkdtempSync(join(tmpdir(), "plue-grants-"));
    for (const [file, text] of Object.entries(rendered.get("ConfigMap", "database-grants").data))
      writeFileSync(join(scripts, file), text as string);

    const postgres = await PostgresServer.start("cloudsqladmin", [administrator]);
    const google = createServer().listen(0, "127.0.0.1");
    await once(google, "listening");
    const cloudSql = new CloudSqlStandIn(
      postgres,
      google,
      scripts,
      environment,
      administrator,
      mayChangeUsers,
    );
    google.on("request", ({ url, headers }, response) => response.end(cloudSql.answer(url ?? "", headers)));
    postgres.run(`
      CREATE ROLE cloudsqlsuperuser CREATEROLE CREATEDB;
      GRANT pg_monitor, pg_signal_backend TO cloudsqlsuperuser;
      CREATE ROLE cloudsqliamserviceaccount;
      CREATE ROLE cloudsqlagent LOGIN CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser;
      CREATE ROLE postgres LOGIN CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser;
      ALTER DATABASE postgres OWNER TO cloudsqlsuperuser;
      ALTER DATABASE template1 OWNER TO cloudsqlsuperuser;`);
    postgres.run("CREATE DATABASE cloudsqladmin");
    cloudSql.createUser(administrator);
    return cloudSql;
  }

  /** The API's `users.insert` with a password: an administrator, whatever one asked for. */
  createUser(name: string): void {
    const role = quoted(name);
    const { administrator, mayChangeUsers } = this;
    this.postgres.run(
      `CREATE ROLE ${role} LOGIN CREATEROLE CREATEDB PASSWORD '${PASSWORD}';` +
        (name !== administrator && mayChangeUsers
          ? `GRANT cloudsqlsuperuser TO ${administrator} WITH ADMIN OPTION;
             GRANT cloudsqlsuperuser TO ${role} GRANTED BY ${administrator};
             GRANT ${role} TO ${administrator} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;`
          : `GRANT cloudsqlsuperuser TO ${role};`),
    );
  }

  /** `users.insert` of type CLOUD_IAM_SERVICE_ACCOUNT: a login without rights. */
  createIamUser(name: string): void {
    this.postgres.run(`CREATE ROLE ${quoted(name)} LOGIN IN ROLE cloudsqliamserviceaccount`);
  }

  createDatabase(name: string): void {
    this.postgres.run(`CREATE DATABASE ${quoted(name)} OWNER cloudsqlsuperuser`);
  }

  /** What staging-access and an engineer's stack make of them. */
  createEnvironment(name: string): void {
    this.createIamUser(loginOf(name));
    this.createDatabase(engineerNames(name, PROJECT).database);
  }

  /** `databases.delete`, which waits for no connection. */
  dropDatabase(name: string): Answer {
    return this.postgres.ask("cloudsqladmin", "postgres", `DROP DATABASE ${quoted(name)}`);
  }

  dropUser(name: string): Answer {
    return this.postgres.ask("cloudsqladmin", "postgres", `DROP ROLE ${quoted(name)}`);
  }

  /** As a user with a password. */
  asUser(name: string, database: string, sql: string): Answer {
    return this.postgres.ask(name, database, sql, PASSWORD);
  }

  /** Runs the job once. */
  reconcile(): Promise<Answer & { readonly log: string }> {
    const { port } = this.google.address() as AddressInfo;
    const env = {
      ...this.environment,
      PATH: process.env["PATH"],
      PGPORT: String(this.postgres.port),
      GCE_METADATA_HOST: `127.0.0.1:${port}`,
      PASSWORD_URL: (this.environment["PASSWORD_URL"] as string).replace(
        /^https:\/\/[^/]+/,
        `http://127.0.0.1:${port}`,
      ),
    };
    return new Promise((resolve) => {
      execFile(
        "sh",
        [join(this.scripts, "reconcile.sh")],
        { env, encoding: "utf8" },
        (error, stdout, stderr) => resolve({ ok: !error, text: stderr.trim(), log: stdout.trim() }),
      );
    });
  }

  /** Runs the job once. @returns what it changed, with nothing left undone */
  async reconciled(): Promise<string[]> {
    const { ok, text, log } = await this.reconcile();
    if (!ok) throw new Error(`${log}\n${text}`);
    return changesIn(log);
  }

  async stop(): Promise<void> {
    this.google.close();
    rmSync(this.scripts, { recursive: true, force: true });
    await this.postgres.stop();
  }

  /** Google's metadata server and Secret Manager, as they format it. */
  private answer(url: string, headers: NodeJS.Dict<string | string[]>): string {
    if (url.endsWith("/service-accounts/default/token"))
      return headers["metadata-flavor"] === "Google"
        ? '{"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"}'
        : "";
    if (headers["authorization"] !== "Bearer ya29.x") return "";
    const data = Buffer.from(this.secret).toString("base64");
    return JSON.stringify({ name: url, payload: { data, dataCrc32c: "1" } }, null, 2);
  }
}

/** An identifier, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An engineer's login. */
export function loginOf(name: string): string {
  return engineerNames(name, PROJECT).databaseUser;
}

/** What a run of the job says it changed. */
export function changesIn(log: string): string[] {
  return log.split("\n").filter((line) => !line.startsWith("EXECUTE desired("));
}

/** `describe` of tests that render the platform chart and run its job, skipped where either cannot be. */
export function describeDatabaseGrants(name: string, declare: () => void): void {
  describeCharts(name, () => describeWithPostgres("on PostgreSQL 16", declare));
}
