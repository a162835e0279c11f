import { spawnSync } from "node:child_process";
import { CloudSqlStandIn, describeDatabaseGrants, loginOf } from "../support/cloud-sql";
import { containersOf, passedBy, Rendered } from "../support/helm";

describeDatabaseGrants("a database", () => {
  let cloudSql: CloudSqlStandIn;

  beforeAll(async () => {
    cloudSql = await CloudSqlStandIn.start(new Rendered(passedBy("staging-platform", "platform")), false);
    await cloudSql.reconcile();
  });
  afterAll(() => cloudSql.stop());

  const as = (login: string, database: string, sql: string) => cloudSql.postgres.ask(login, database, sql);
  const denied = (why: string) => ({ ok: false, text: expect.stringContaining(why) });

  test("half an environment waits for the other half", async () => {
    cloudSql.createIamUser(loginOf("frank"));
    expect(await cloudSql.reconciled()).toEqual([]);
    cloudSql.createDatabase("plue_frank");
    expect(await cloudSql.reconciled()).toContain("hands over plue_frank");
    cloudSql.createDatabase("plue_grace");
    expect(await cloudSql.reconciled()).toEqual(["REVOKE ALL ON DATABASE plue_grace FROM PUBLIC"]);
    cloudSql.createIamUser(loginOf("grace"));
    expect(await cloudSql.reconciled()).toContain("hands over plue_grace");
  });

  test("what a run left undone, the next one does", async () => {
    cloudSql.createEnvironment("heidi");
    // As far as a run gets that is killed before the handover.
    const admin = (sql: string) => cloudSql.asUser("plue", "postgres", sql);
    expect(admin("REVOKE ALL ON DATABASE plue_heidi FROM PUBLIC; CREATE ROLE plue_heidi_owner").ok).toBe(
      true,
    );
    expect(await cloudSql.reconciled()).toEqual([
      "GRANT plue_heidi_owner TO plue WITH INHERIT FALSE, SET TRUE",
      `GRANT plue_heidi_owner TO "${loginOf("heidi")}" WITH INHERIT TRUE, SET TRUE`,
      "hands over plue_heidi",
    ]);
  });

  test("two runs at once do no harm", async () => {
    for (const name of ["ivan", "judy"]) cloudSql.createEnvironment(name);
    const runs = await Promise.all([cloudSql.reconcile(), cloudSql.reconcile(), cloudSql.reconcile()]);
    expect(runs.some(({ ok }) => ok)).toBe(true);
    expect(await cloudSql.reconciled()).toEqual([]);
    for (const name of ["ivan", "judy"])
      expect(as(loginOf(name), `plue_${name}`, "CREATE TABLE t ()").ok).toBe(true);
  });

  describe("on the way back", () => {
    test("a database with an open connection is not dropped; without one it is, then what is left", async () => {
      const login = loginOf("frank");
      expect(as(login, "plue_frank", "CREATE TABLE kept ()").ok).toBe(true);
      const close = await cloudSql.postgres.connect(login, "plue_frank");
      expect(cloudSql.dropDatabase("plue_frank")).toEqual(denied("is being accessed by other users"));
      expect(as(login, "plue_frank", "SELECT count(*) FROM kept")).toEqual({ ok: true, text: "0" });
      await cloudSql.reconciled();
      await close();
      expect(cloudSql.dropDatabase("plue_frank").ok).toBe(true);
      expect(await cloudSql.reconciled()).toEqual([
        `REVOKE plue_frank_owner FROM "${login}" CASCADE`,
        `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = '${login}'`,
        "DROP ROLE plue_frank_owner",
      ]);
    });

    test("the login that stays behind enters nothing, and is dropped when its engineer is removed", async () => {
      const login = loginOf("frank");
      for (const database of ["plue_grace", "postgres", "template1"])
        expect(as(login, database, "SELECT 1")).toEqual(denied("permission denied for database"));
      expect(cloudSql.dropUser(login)).toEqual({ ok: true, text: "" });
      expect(await cloudSql.reconciled()).toEqual([]);
    });

    test("an engineer who is removed at once loses her login first, as it owns nothing; one that comes back has its database again", async () => {
      const login = loginOf("grace");
      expect(as(login, "plue_grace", "CREATE TABLE kept ()").ok).toBe(true);
      const close = await cloudSql.postgres.connect(login, "plue_grace");
      expect(cloudSql.dropUser(login)).toEqual({ ok: true, text: "" });
      await close();
      expect(as(login, "plue_grace", "SELECT 1")).toEqual(denied(`role "${login}" does not exist`));
      cloudSql.createIamUser(login);
      expect(await cloudSql.reconciled()).toEqual([
        `GRANT plue_grace_owner TO "${login}" WITH INHERIT TRUE, SET TRUE`,
      ]);
      expect(as(login, "plue_grace", "SELECT count(*) FROM kept")).toEqual({ ok: true, text: "0" });
    });

    test("the administrator drops one in spite of its connections", async () => {
      const close = await cloudSql.postgres.connect(loginOf("grace"), "plue_grace");
      const sql = "GRANT plue_grace_owner TO plue WITH INHERIT TRUE; DROP DATABASE plue_grace WITH (FORCE)";
      // Each by itself: a database is not dropped inside a transaction.
      for (const statement of sql.split("; "))
        expect(cloudSql.asUser("plue", "postgres", statement)).toEqual({ ok: true, text: "" });
      await close();
      expect(await cloudSql.reconciled()).toEqual([
        `REVOKE plue_grace_owner FROM "${loginOf("grace")}" CASCADE`,
        `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = '${loginOf("grace")}'`,
        "DROP ROLE plue_grace_owner",
      ]);
    });

    test("an environment that is made again is as new", async () => {
      cloudSql.createDatabase("plue_grace");
      expect(await cloudSql.reconciled()).toContain("hands over plue_grace");
      expect(as(loginOf("grace"), "plue_grace", "SELECT * FROM kept")).toEqual(
        denied('relation "kept" does not exist'),
      );
    });
  });

  test("a first deploy's migration waits for its login, and until the database is its own", async () => {
    cloudSql.createDatabase("plue_kim");
    const wait = containersOf(new Rendered(passedBy("staging-alice")).all("Job")[0].spec.template).find(
      ({ name }) => name === "database-rights",
    );
    const url = `postgresql://${encodeURIComponent(loginOf("kim"))}@127.0.0.1:${cloudSql.postgres.port}/plue_kim?sslmode=disable`;
    const [, , script] = wait.command;
    // Without the pauses, and few tries.
    const run = (tries: number) =>
      spawnSync(
        "sh",
        ["-c", script.replace(/^tries=\d+$/m, `tries=${tries}`).replace("sleep 5", "sleep 0.1")],
        {
          encoding: "utf8",
          env: {
            PATH: process.env["PATH"],
            DATABASE_URL: url,
            DATABASE_NAME: "plue_kim",
            DATABASE_USER: loginOf("kim"),
          },
        },
      );
    const without = run(2);
    expect(without.status).toBe(1);
    expect(without.stdout).toMatch(
      /^Waiting for the rights in database plue_kim: .*role "staging-kim@.*" does not exist$/m,
    );
    expect(without.stderr).toContain(`the login ${loginOf("kim")}, which the stack staging-access makes`);
    cloudSql.createIamUser(loginOf("kim"));
    const early = run(2);
    expect(early.status).toBe(1);
    expect(early.stdout).toContain(
      `Waiting for the rights in database plue_kim: it does not belong to ${loginOf("kim")}`,
    );
    expect(early.stderr).toContain("CronJob database-grants");
    await cloudSql.reconciled();
    expect(run(1)).toMatchObject({ status: 0, stdout: "" });
  });

  test("a warning that the server has for every connection is logged, and taken for no database", async () => {
    cloudSql.createEnvironment("nina");
    cloudSql.postgres.run("UPDATE pg_database SET datcollversion = '0'");
    const { ok, log } = await cloudSql.reconcile();
    cloudSql.postgres.run("UPDATE pg_database SET datcollversion = NULL");
    expect(log.match(/^hands over .*$/gm)).toEqual(["hands over plue_nina"]);
    expect(log).toContain("WARNING:");
    expect(ok).toBe(true);
  });

  describe("without the right password", () => {
    test("the job fails, and says where it should be", async () => {
      const { secret } = cloudSql;
      cloudSql.secret = "";
      expect(await cloudSql.reconcile()).toMatchObject({
        ok: false,
        text: expect.stringMatching(
          /^database grants: cannot read the administrator's password at http.*\/secrets\/plue-staging-db-password\/versions\/latest:access$/,
        ),
      });
      cloudSql.secret = secret;
    });

    test("the job fails, and says whose it is", async () => {
      cloudSql.postgres.run("ALTER ROLE plue PASSWORD 'set by somebody else'");
      expect(await cloudSql.reconcile()).toMatchObject({
        ok: false,
        text: "database grants: cannot connect as plue; was the password changed elsewhere?",
        log: expect.stringContaining("password authentication failed"),
      });
      cloudSql.postgres.run(`ALTER ROLE plue PASSWORD '${cloudSql.secret}'`);
    });
  });

  test("a run writes no password", async () => {
    cloudSql.createEnvironment("leo");
    const { log, text } = await cloudSql.reconcile();
    expect(log + text).not.toContain(cloudSql.secret);
    expect(log).toContain("hands over plue_leo");
  });
});
