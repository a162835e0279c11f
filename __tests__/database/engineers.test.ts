import { existsSync } from "node:fs";
import { CloudSqlStandIn, describeDatabaseGrants, loginOf } from "../support/cloud-sql";
import { passedBy, Rendered } from "../support/helm";

describeDatabaseGrants("databases of engineers", () => {
  const [alice, bob] = [loginOf("alice"), loginOf("bob")];
  let cloudSql: CloudSqlStandIn;

  beforeAll(async () => {
    cloudSql = await CloudSqlStandIn.start(new Rendered(passedBy("staging-platform", "platform")), false);
  });
  afterAll(() => cloudSql.stop());

  const as = (login: string, database: string, sql: string) => cloudSql.postgres.ask(login, database, sql);
  const denied = (why: string) => ({ ok: false, text: expect.stringContaining(why) });

  test("are closed and handed over by the first run, which says so; the next changes nothing", async () => {
    cloudSql.createEnvironment("alice");
    cloudSql.createEnvironment("bob");
    expect(await cloudSql.reconciled()).toEqual([
      "REVOKE ALL ON DATABASE plue_alice FROM PUBLIC",
      "REVOKE ALL ON DATABASE plue_bob FROM PUBLIC",
      "REVOKE ALL ON DATABASE postgres FROM PUBLIC",
      "REVOKE ALL ON DATABASE template1 FROM PUBLIC",
      "CREATE ROLE plue_alice_owner",
      "CREATE ROLE plue_bob_owner",
      "GRANT plue_alice_owner TO plue WITH INHERIT FALSE, SET TRUE",
      "GRANT plue_bob_owner TO plue WITH INHERIT FALSE, SET TRUE",
      `GRANT plue_alice_owner TO "${alice}" WITH INHERIT TRUE, SET TRUE`,
      `GRANT plue_bob_owner TO "${bob}" WITH INHERIT TRUE, SET TRUE`,
      "hands over plue_alice",
      "hands over plue_bob",
    ]);
    expect(await cloudSql.reconciled()).toEqual([]);
  });

  test("let their engineer migrate a schema", () => {
    const migration = `
      CREATE TABLE runs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL);
      CREATE TYPE state AS ENUM ('new', 'done');
      CREATE INDEX ON runs (state);
      CREATE FUNCTION runs_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.runs';
      CREATE SCHEMA archive;
      CREATE TABLE archive.runs (LIKE runs);
      INSERT INTO runs (state) VALUES ('new');
      ALTER TABLE runs ADD COLUMN ended timestamptz;
      CREATE TEMP TABLE scratch AS SELECT * FROM runs;
      SELECT runs_count();`;
    expect(as(alice, "plue_alice", migration)).toEqual({ ok: true, text: "1" });
    expect(as(bob, "plue_bob", migration)).toEqual({ ok: true, text: "1" });
  });

  test("and all that is in them belong to the owner's role, nothing to the login", () => {
    expect(
      as(
        alice,
        "plue_alice",
        `SELECT DISTINCT relowner::regrole FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'archive'::regnamespace)
         UNION ALL SELECT datdba::regrole FROM pg_database WHERE datname = current_database()`,
      ).text,
    ).toBe("plue_alice_owner\nplue_alice_owner");
    expect(
      cloudSql.postgres.run(
        `SELECT count(*) FROM pg_shdepend WHERE refobjid = '"${alice}"'::regrole`,
        "plue_alice",
      ),
    ).toBe("0");
  });

  test.each(["plue_bob", "postgres", "template1"])("alice cannot connect to %s", (database) => {
    expect(as(alice, database, "SELECT 1")).toEqual(denied(`permission denied for database "${database}"`));
  });

  test.each([
    ["make a role", "CREATE ROLE mallory", "permission denied to create role"],
    ["make a database", "CREATE DATABASE mine", "permission denied to create database"],
    ["act as bob's owner", "SET ROLE plue_bob_owner", "permission denied to set role"],
    ["act as the administrator", "SET ROLE plue", "permission denied to set role"],
    ["share bob's database", `GRANT plue_bob_owner TO "${alice}"`, "permission denied to grant role"],
    [
      "share the role that owns hers",
      `GRANT plue_alice_owner TO "${bob}"`,
      "permission denied to grant role",
    ],
    [
      "give her database away",
      "ALTER DATABASE plue_alice OWNER TO plue_bob_owner",
      "must be able to SET ROLE",
    ],
    [
      "take bob's name",
      "ALTER DATABASE plue_alice RENAME TO plue_carol",
      "permission denied to rename database",
    ],
    ["drop bob's database", "DROP DATABASE plue_bob", "must be owner of database plue_bob"],
    [
      "end bob's sessions",
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${bob}'`,
      "permission denied to terminate process",
    ],
    [
      "read the server's files",
      "SELECT pg_read_file('PG_VERSION')",
      "permission denied for function pg_read_file",
    ],
  ])("alice cannot %s", async (_, sql, why) => {
    const close = await cloudSql.postgres.connect(bob, "plue_bob");
    const answer = as(alice, "plue_alice", sql);
    await close();
    expect(answer).toEqual(denied(why));
  });

  test("alice sees nothing of bob's by a connection from before they were closed", async () => {
    cloudSql.createEnvironment("carol");
    const eavesdrop = await cloudSql.postgres.connect(alice, "plue_carol");
    await cloudSql.reconciled();
    expect(
      as(loginOf("carol"), "plue_carol", "CREATE TABLE runs (id int); INSERT INTO runs VALUES (1)").ok,
    ).toBe(true);
    expect(await eavesdrop("SELECT * FROM runs")).toEqual(denied("terminating connection"));
  });

  test("the administrator has no right in them without saying so", () => {
    const admin = (database: string, sql: string) => cloudSql.asUser("plue", database, sql);
    expect(admin("plue_alice", "SELECT 1")).toEqual(denied("permission denied for database"));
    expect(admin("postgres", "GRANT plue_alice_owner TO plue WITH INHERIT TRUE").ok).toBe(true);
    expect(admin("plue_alice", "SELECT count(*) FROM runs")).toEqual({ ok: true, text: "1" });
    expect(admin("postgres", "GRANT plue_alice_owner TO plue WITH INHERIT FALSE").ok).toBe(true);
  });

  test("what an engineer opens to everybody is closed again", async () => {
    expect(as(alice, "plue_alice", "GRANT CONNECT ON DATABASE plue_alice TO PUBLIC").ok).toBe(true);
    expect(as(bob, "plue_alice", "SELECT 1").ok).toBe(true);
    expect(await cloudSql.reconciled()).toEqual([
      "SET ROLE plue_alice_owner; REVOKE ALL ON DATABASE plue_alice FROM PUBLIC; RESET ROLE",
    ]);
    expect(as(bob, "plue_alice", "SELECT 1").ok).toBe(false);
    expect(as(alice, "plue_alice", "SELECT count(*) FROM runs")).toEqual({ ok: true, text: "1" });
  });

  test("traps in a database do not catch the job, which enters none that has an owner", async () => {
    expect(
      as(
        alice,
        "plue_alice",
        `CREATE SCHEMA trap; CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT 'ALTER ROLE "${alice}" CREATEROLE' $$;
         CREATE VIEW trap.pg_roles AS SELECT 'x' AS rolname;
         ALTER DATABASE plue_alice SET search_path = trap, pg_catalog`,
      ).ok,
    ).toBe(true);
    await cloudSql.reconciled();
    expect(cloudSql.postgres.run(`SELECT rolcreaterole FROM pg_roles WHERE rolname = '${alice}'`)).toBe("f");
    as(alice, "plue_alice", "ALTER DATABASE plue_alice RESET search_path");
  });

  test("a hyphen of the name is an underscore of the database", async () => {
    cloudSql.createEnvironment("mary-ann");
    expect(await cloudSql.reconciled()).toContain("hands over plue_mary_ann");
    expect(as(loginOf("mary-ann"), "plue_mary_ann", "CREATE TABLE t ()").ok).toBe(true);
  });

  test("schema public is the owner's too where somebody else has it", async () => {
    cloudSql.createEnvironment("dave");
    cloudSql.postgres.run("ALTER SCHEMA public OWNER TO cloudsqlsuperuser", "plue_dave");
    await cloudSql.reconciled();
    expect(as(loginOf("dave"), "plue_dave", "CREATE TABLE t (); ALTER SCHEMA public RENAME TO mine").ok).toBe(
      true,
    );
  });

  describe("with names meant to harm or mislead", () => {
    const databases = [
      `plue_"; DROP DATABASE plue_bob; --`,
      "plue_$(touch /tmp/plue-was-here)",
      "plue_x\nplue_alice",
      "plue_eve' OR true",
      "plue_bob ",
      "PLUE_BOB",
      "-h",
    ];
    const logins = [
      `staging-bob"@plue-staging.iam`,
      "staging-bob@plue-staging.iam.evil",
      "x-staging-bob@plue-staging.iam",
      "staging-bob@plue-stagingXiam",
      "staging-b\u043eb@plue-staging.iam",
      "staging-bob\nx@plue-staging.iam",
      "staging-Bob@plue-staging.iam",
      "staging-@plue-staging.iam",
      "plue_bob",
    ];

    test("nothing is handed over, and nothing breaks", async () => {
      for (const database of databases) cloudSql.createDatabase(database);
      for (const login of logins) cloudSql.createIamUser(login);
      const done = await cloudSql.reconciled();
      expect(done.filter((change) => !change.startsWith("REVOKE ALL ON DATABASE"))).toEqual([
        'plue_alice" FROM PUBLIC',
      ]);
      expect(existsSync("/tmp/plue-was-here")).toBe(false);
      expect(as(bob, "plue_bob", "SELECT count(*) FROM runs")).toEqual({ ok: true, text: "1" });
      for (const login of logins)
        expect([login, as(login, "plue_bob", "SELECT 1").ok]).toEqual([login, false]);
      for (const database of databases)
        expect([database, as(alice, database, "SELECT 1").ok]).toEqual([database, false]);
      expect(await cloudSql.reconciled()).toEqual([]);
    });
  });

  test("a user of an engineer's name with a password, made before she has hers, gets nothing", async () => {
    cloudSql.postgres.run(`CREATE ROLE "${loginOf("erin")}" LOGIN PASSWORD 'known'`);
    cloudSql.createDatabase("plue_erin");
    expect(await cloudSql.reconciled()).toEqual(["REVOKE ALL ON DATABASE plue_erin FROM PUBLIC"]);
    expect(as(loginOf("erin"), "plue_erin", "SELECT 1")).toEqual(denied("permission denied for database"));
  });
});
