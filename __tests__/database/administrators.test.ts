import { CloudSqlStandIn, changesIn, describeDatabaseGrants, loginOf } from "../support/cloud-sql";
import { passedBy, Rendered } from "../support/helm";

const alice = loginOf("alice");

/** Rights of a role that make it an administrator. */
const RIGHTS = `SELECT rolcreaterole, rolcreatedb, rolreplication, pg_has_role(oid, 'cloudsqlsuperuser', 'MEMBER')
  FROM pg_roles WHERE rolname =`;

async function startWithAlice(mayChangeUsers: boolean): Promise<CloudSqlStandIn> {
  const cloudSql = await CloudSqlStandIn.start(
    new Rendered(passedBy("staging-platform", "platform")),
    mayChangeUsers,
  );
  cloudSql.createEnvironment("alice");
  await cloudSql.reconcile();
  cloudSql.postgres.ask(alice, "plue_alice", "CREATE TABLE secrets AS SELECT 42 AS value");
  return cloudSql;
}

describeDatabaseGrants("a user with a password, whom Cloud SQL makes an administrator", () => {
  describe("before the job has seen her", () => {
    let cloudSql: CloudSqlStandIn;
    beforeAll(async () => {
      cloudSql = await startWithAlice(false);
      cloudSql.createUser("mallory");
    });
    afterAll(() => cloudSql.stop());

    test.each([
      [
        "enter alice's database",
        "plue_alice",
        "SELECT * FROM secrets",
        'permission denied for database "plue_alice"',
      ],
      ["act as its owner", "postgres", "SET ROLE plue_alice_owner", "permission denied to set role"],
      [
        "give it to herself",
        "postgres",
        "GRANT plue_alice_owner TO mallory",
        "permission denied to grant role",
      ],
      [
        "take it over",
        "postgres",
        "ALTER DATABASE plue_alice OWNER TO mallory",
        "must be owner of database plue_alice",
      ],
      ["drop it", "postgres", "DROP DATABASE plue_alice", "must be owner of database plue_alice"],
      [
        "set the administrator's password",
        "postgres",
        "ALTER ROLE plue PASSWORD 'x'",
        "permission denied to alter role",
      ],
      [
        "set alice a password",
        "postgres",
        `ALTER ROLE "${alice}" PASSWORD 'x'`,
        "permission denied to alter role",
      ],
      ["read all data", "postgres", "GRANT pg_read_all_data TO mallory", "permission denied to grant role"],
    ])("cannot %s", (_, database, sql, why) => {
      expect(cloudSql.asUser("mallory", database, sql)).toEqual({
        ok: false,
        text: expect.stringContaining(why),
      });
    });
  });

  describe("where the administrator may take rights from users", () => {
    let cloudSql: CloudSqlStandIn;
    beforeAll(async () => {
      cloudSql = await startWithAlice(true);
    });
    afterAll(() => cloudSql.stop());

    test("is one no longer, and her session ends", async () => {
      cloudSql.createUser("mallory");
      const session = await cloudSql.postgres.connect("mallory", "postgres");
      const { ok, log } = await cloudSql.reconcile();
      expect({ ok, changes: changesIn(log) }).toEqual({
        ok: true,
        changes: [
          "REVOKE cloudsqlsuperuser FROM mallory",
          "ALTER ROLE mallory NOCREATEROLE NOCREATEDB",
          "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'mallory'",
          "t",
        ],
      });
      expect(await session("SELECT 1;")).toEqual({
        ok: false,
        text: expect.stringContaining("terminating connection"),
      });
      expect(cloudSql.postgres.run(`${RIGHTS} 'mallory'`)).toBe("f|f|f|f");
      for (const database of ["postgres", "template1", "plue_alice"])
        expect(cloudSql.asUser("mallory", database, "SELECT 1").ok).toBe(false);
    });

    test("hides behind no role that she makes", async () => {
      cloudSql.createUser("trudy");
      expect(cloudSql.asUser("trudy", "postgres", "CREATE ROLE behind LOGIN CREATEROLE CREATEDB").ok).toBe(
        true,
      );
      expect(await cloudSql.reconcile()).toMatchObject({ ok: true });
      for (const name of ["trudy", "behind"])
        expect([name, cloudSql.postgres.run(`${RIGHTS} '${name}'`)]).toEqual([name, "f|f|f|f"]);
    });

    test("under the name of an owner-to-be gets no database, though she cannot be dropped", async () => {
      cloudSql.createUser("plue_carol_owner");
      expect(cloudSql.asUser("plue_carol_owner", "postgres", "CREATE DATABASE hers").ok).toBe(true);
      cloudSql.createEnvironment("carol");
      for (let run = 0; run < 2; run++)
        expect(await cloudSql.reconcile()).toMatchObject({
          ok: false,
          text: expect.stringContaining("DROP ROLE plue_carol_owner"),
        });
      expect(cloudSql.asUser("plue_carol_owner", "plue_carol", "SELECT 1").ok).toBe(false);
      cloudSql.dropDatabase("hers");
      await cloudSql.reconcile();
      expect(await cloudSql.reconcile()).toMatchObject({
        ok: true,
        log: expect.stringContaining("hands over plue_carol"),
      });
    });

    test("leaves no trap where the job looks", async () => {
      cloudSql.createUser("victor");
      cloudSql.createEnvironment("dora");
      for (const sql of [
        "CREATE SCHEMA trap; CREATE VIEW trap.pg_roles AS SELECT * FROM pg_catalog.pg_roles WHERE rolname <> 'victor'",
        "GRANT USAGE ON SCHEMA trap TO PUBLIC; GRANT SELECT ON trap.pg_roles TO PUBLIC",
        "ALTER DATABASE postgres SET search_path = trap, pg_catalog",
        "ALTER DATABASE postgres SET role = cloudsqlsuperuser",
        "ALTER DATABASE postgres SET standard_conforming_strings = off",
        "ALTER DATABASE postgres SET default_transaction_read_only = on",
      ])
        expect(cloudSql.asUser("victor", "postgres", sql)).toEqual({ ok: true, text: "" });
      const done = await cloudSql.reconciled();
      expect(done).toContain("REVOKE cloudsqlsuperuser FROM victor");
      expect(done).toContain("hands over plue_dora");
      cloudSql.postgres.run("SET default_transaction_read_only = off; ALTER DATABASE postgres RESET ALL");
    });

    // "Creating event triggers" is among what cloudsqlsuperuser may: https://cloud.google.com/sql/docs/postgres/users.
    // PostgreSQL itself leaves that to its superuser, who makes it here in her stead.
    test("has nothing run as the administrator by an event trigger, neither where the job looks nor where it enters", async () => {
      cloudSql.createUser("wendy");
      cloudSql.createEnvironment("erin");
      const trap = `CREATE FUNCTION trap() RETURNS event_trigger LANGUAGE plpgsql AS
          $$ BEGIN IF session_user = 'plue' THEN EXECUTE 'GRANT plue_alice_owner TO wendy'; END IF; END $$;
        ALTER FUNCTION trap() OWNER TO wendy;
        CREATE EVENT TRIGGER trap ON ddl_command_start EXECUTE FUNCTION trap();`;
      for (const database of ["postgres", "plue_erin"]) cloudSql.postgres.run(trap, database);
      const { text, log } = await cloudSql.reconcile();
      expect(log).toContain("REVOKE cloudsqlsuperuser FROM wendy");
      expect(cloudSql.postgres.run("SELECT pg_has_role('wendy', 'plue_alice_owner', 'MEMBER')")).toBe("f");
      expect(text).toContain("hand over plue_erin, in which something belongs to wendy");
      for (const database of ["postgres", "plue_erin"])
        cloudSql.postgres.run("DROP EVENT TRIGGER trap; DROP FUNCTION trap()", database);
      await cloudSql.reconciled();
    });

    test("leaves no subscription that writes into a database from elsewhere", async () => {
      cloudSql.createUser("xena");
      cloudSql.createEnvironment("fay");
      cloudSql.postgres.run(
        `GRANT CREATE ON DATABASE plue_fay TO xena; GRANT pg_create_subscription TO xena;
         CREATE SUBSCRIPTION feed CONNECTION 'host=192.0.2.1' PUBLICATION p
           WITH (connect = false, enabled = false, slot_name = NONE, password_required = false);
         ALTER SUBSCRIPTION feed OWNER TO xena`,
        "plue_fay",
      );
      expect((await cloudSql.reconcile()).text).toContain(
        "hand over plue_fay, in which something belongs to xena",
      );
      cloudSql.postgres.run("DROP SUBSCRIPTION feed; REVOKE pg_create_subscription FROM xena", "plue_fay");
      expect(await cloudSql.reconciled()).toContain("hands over plue_fay");
    });

    test("loses what the administrator may take, where it may not take all", async () => {
      cloudSql.createUser("walter");
      cloudSql.postgres.run("ALTER ROLE walter REPLICATION");
      expect(await cloudSql.reconcile()).toMatchObject({
        ok: false,
        text: expect.stringContaining("for the reason above: ALTER ROLE walter NOREPLICATION"),
      });
      expect(cloudSql.postgres.run(`${RIGHTS} 'walter'`)).toBe("f|f|t|f");
      expect(cloudSql.dropUser("walter").ok).toBe(true);
    });

    test("is left alone where she is known, as Google's own users are", async () => {
      await cloudSql.reconcile();
      for (const name of ["plue", "postgres", "cloudsqlagent"])
        expect([name, cloudSql.postgres.run(`${RIGHTS} '${name}'`)]).toEqual([name, "t|t|f|t"]);
    });
  });

  describe("where nobody but Google may take her rights", () => {
    let cloudSql: CloudSqlStandIn;
    beforeAll(async () => {
      cloudSql = await startWithAlice(false);
    });
    afterAll(() => cloudSql.stop());

    test("fails the job by name until she is deleted; everybody else gets what is hers", async () => {
      const bob = loginOf("bob");
      cloudSql.createUser(`mal"lory`);
      cloudSql.createIamUser(bob);
      cloudSql.createDatabase("plue_bob");
      const { ok, text } = await cloudSql.reconcile();
      expect(ok).toBe(false);
      expect(text).toContain('not done, for the reason above: REVOKE cloudsqlsuperuser FROM "mal""lory"');
      expect(cloudSql.postgres.ask(bob, "plue_bob", "CREATE TABLE t ()").ok).toBe(true);
      expect(cloudSql.dropUser(`mal"lory`).ok).toBe(true);
      expect(await cloudSql.reconcile()).toMatchObject({ ok: true });
    });

    test.each([
      ["a user of the API", (name: string) => cloudSql.createUser(name)],
      [
        "a role of an administrator's",
        (name: string) => {
          cloudSql.createUser("trent");
          cloudSql.asUser("trent", "postgres", `CREATE ROLE ${name}`);
          cloudSql.asUser("trent", "postgres", `GRANT ${name} TO plue WITH ADMIN OPTION`);
        },
      ],
    ])("%s under the name of an owner-to-be gets no database", async (_, make) => {
      make("plue_carol_owner");
      cloudSql.createEnvironment("carol");
      for (let run = 0; run < 3; run++) expect((await cloudSql.reconcile()).ok).toBe(false);
      expect((await cloudSql.reconcile()).text).toContain("plue_carol_owner");
      expect(
        cloudSql.postgres.run("SELECT datdba::regrole FROM pg_database WHERE datname = 'plue_carol'"),
      ).toBe("cloudsqlsuperuser");
      cloudSql.dropUser("plue_carol_owner");
      cloudSql.dropUser("trent");
      expect(await cloudSql.reconcile()).toMatchObject({
        ok: true,
        log: expect.stringContaining("hands over plue_carol"),
      });
      cloudSql.dropDatabase("plue_carol");
      cloudSql.dropUser(loginOf("carol"));
      expect(await cloudSql.reconcile()).toMatchObject({ ok: true });
    });
  });
});

describeDatabaseGrants("production's database", () => {
  test("is its application's by the same job, and nobody else's", async () => {
    const cloudSql = await CloudSqlStandIn.start(new Rendered(passedBy("production-app", "platform")), false);
    try {
      const login = "plue-production@plue-prod.iam";
      cloudSql.createIamUser(login);
      cloudSql.createIamUser("plue-productionx@plue-prod.iam");
      cloudSql.createDatabase("plue");
      expect(await cloudSql.reconcile()).toMatchObject({ ok: true });
      expect(cloudSql.postgres.ask(login, "plue", "CREATE TABLE t (); SELECT current_user")).toEqual({
        ok: true,
        text: "plue_owner",
      });
      expect(cloudSql.postgres.ask("plue-productionx@plue-prod.iam", "plue", "SELECT 1").ok).toBe(false);
    } finally {
      await cloudSql.stop();
    }
  });
});
