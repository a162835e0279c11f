import { CloudSqlStandIn, describeDatabaseGrants, loginOf } from "../support/cloud-sql";
import { passedBy, Rendered } from "../support/helm";

/** What ends a session, and what it is told. */
const ENDED = { ok: false, text: expect.stringContaining("terminating connection") };

describeDatabaseGrants("a session", () => {
  const [alice, bob] = [loginOf("alice"), loginOf("bob")];
  let cloudSql: CloudSqlStandIn;

  beforeAll(async () => {
    cloudSql = await CloudSqlStandIn.start(new Rendered(passedBy("staging-platform", "platform")), true);
    for (const name of ["alice", "bob"]) cloudSql.createEnvironment(name);
    await cloudSql.reconcile();
  });
  afterAll(() => cloudSql.stop());

  const as = (login: string, database: string, sql: string) => cloudSql.postgres.ask(login, database, sql);
  const connect = (login: string, database: string, first?: string) =>
    cloudSql.postgres.connect(login, database, first);

  test("in another's new database ends when that is closed, with all that it held", async () => {
    cloudSql.createEnvironment("carol");
    const held = [
      "LISTEN deploys",
      "SELECT pg_advisory_lock(1)",
      "BEGIN; LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE",
      "CREATE TEMP TABLE mine AS SELECT 1",
    ];
    const sessions = [];
    for (const first of held) sessions.push(await connect(alice, "plue_carol", first));
    const elsewhere = await connect(alice, "plue_alice");
    expect(await cloudSql.reconciled()).toContain(
      `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = 'plue_carol' AND usename = '${alice}'`,
    );
    for (const session of sessions) expect(await session("SELECT 1;")).toEqual(ENDED);
    expect((await elsewhere("SELECT 1;")).ok).toBe(true);
    expect(as(loginOf("carol"), "plue_carol", "SELECT pg_try_advisory_lock(1)").text).toBe("t");
    expect(cloudSql.dropDatabase("plue_carol")).toEqual({ ok: true, text: "" });
    cloudSql.dropUser(loginOf("carol"));
    await cloudSql.reconciled();
  });

  test.each(["postgres", "template1"])("in %s, from before the first run, ends", async (database) => {
    cloudSql.postgres.run(`GRANT CONNECT ON DATABASE ${database} TO PUBLIC`);
    const session = await connect(alice, database);
    await cloudSql.reconciled();
    expect(await session("SELECT 1;")).toEqual(ENDED);
  });

  test("that was let in by what an engineer opened to everybody ends when it is closed again", async () => {
    as(alice, "plue_alice", "GRANT CONNECT ON DATABASE plue_alice TO PUBLIC");
    const session = await connect(bob, "plue_alice");
    await cloudSql.reconciled();
    expect(await session("SELECT 1;")).toEqual(ENDED);
  });

  test("that was let in by name ends, and the name is let in no longer", async () => {
    const opened = `GRANT ALL ON DATABASE plue_alice TO "${bob}" WITH GRANT OPTION`;
    expect(as(alice, "plue_alice", opened).ok).toBe(true);
    const session = await connect(bob, "plue_alice");
    cloudSql.createEnvironment("dora");
    expect(as(bob, "plue_alice", `GRANT CONNECT ON DATABASE plue_alice TO "${loginOf("dora")}"`).ok).toBe(
      true,
    );
    expect(await cloudSql.reconciled()).toContain(
      `SET ROLE plue_alice_owner; GRANT ALL ON DATABASE plue_alice TO "${bob}" WITH GRANT OPTION; REVOKE ALL ON DATABASE plue_alice FROM "${bob}" CASCADE; RESET ROLE`,
    );
    expect(await session("SELECT 1;")).toEqual(ENDED);
    for (const login of [bob, loginOf("dora")]) expect(as(login, "plue_alice", "SELECT 1").ok).toBe(false);
    expect(await cloudSql.reconciled()).toEqual([]);
  });

  test("of the one whose database it is goes on", async () => {
    const session = await connect(alice, "plue_alice");
    expect(await cloudSql.reconciled()).toEqual([]);
    expect((await session("SELECT 1;")).ok).toBe(true);
  });

  test("of hers from before it was hers ends, as what it makes would be her login's", async () => {
    cloudSql.createEnvironment("erin");
    const session = await connect(loginOf("erin"), "plue_erin");
    await cloudSql.reconciled();
    expect(await session("SELECT 1;")).toEqual(ENDED);
    expect(as(loginOf("erin"), "plue_erin", "SELECT current_user").text).toBe("plue_erin_owner");
  });

  test("of a login that is dropped ends, though it acts as the owner, whom nobody dropped", async () => {
    const session = await connect(loginOf("erin"), "plue_erin", "CREATE TABLE kept ()");
    expect(cloudSql.dropUser(loginOf("erin"))).toEqual({ ok: true, text: "" });
    expect(await cloudSql.reconciled()).toContain(
      "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = 'plue_erin' AND usesysid IS NOT NULL AND usename IS NULL",
    );
    expect(await session("SELECT * FROM kept;")).toEqual(ENDED);
    cloudSql.dropDatabase("plue_erin");
    await cloudSql.reconciled();
  });

  test("of a login that may log in no longer ends", async () => {
    const session = await connect(bob, "plue_bob");
    cloudSql.postgres.run(`ALTER ROLE "${bob}" NOLOGIN`);
    await cloudSql.reconcile();
    expect(await session("SELECT 1;")).toEqual(ENDED);
    cloudSql.postgres.run(`ALTER ROLE "${bob}" LOGIN`);
    await cloudSql.reconciled();
  });

  test("that acts as another's owner ends with the membership, wherever it is", async () => {
    cloudSql.asUser("plue", "postgres", `GRANT plue_bob_owner TO "${alice}" WITH SET TRUE`);
    const session = await connect(alice, "plue_alice", "SET ROLE plue_bob_owner");
    await cloudSql.reconciled();
    expect(await session("GRANT CONNECT ON DATABASE plue_bob TO PUBLIC;")).toEqual(ENDED);
  });

  test("of the administrator, of Google's own users and of the server goes on", async () => {
    const sessions = [await connect("cloudsqlagent", "plue_alice").catch(() => undefined)];
    sessions.push(await connect("postgres", "postgres"), await connect("cloudsqladmin", "plue_alice"));
    expect(await cloudSql.reconciled()).toEqual([]);
    for (const session of sessions) if (session) expect((await session("SELECT 1;")).ok).toBe(true);
  });

  test("of another's is seen to be there, not what it asks", async () => {
    const session = await connect(bob, "plue_bob", "SELECT 'of bob''s'");
    const seen =
      "SELECT DISTINCT query FROM pg_stat_activity WHERE usename <> current_user AND datname = 'plue_bob'";
    expect(as(alice, "plue_alice", seen)).toEqual({ ok: true, text: "<insufficient privilege>" });
    await session();
  });
});

describeDatabaseGrants("what somebody left in another's new database", () => {
  const alice = loginOf("alice");
  let cloudSql: CloudSqlStandIn;

  beforeAll(async () => {
    cloudSql = await CloudSqlStandIn.start(new Rendered(passedBy("staging-platform", "platform")), true);
    cloudSql.createEnvironment("alice");
    await cloudSql.reconcile();
  });
  afterAll(() => cloudSql.stop());

  const as = (login: string, database: string, sql: string) => cloudSql.postgres.ask(login, database, sql);
  const owner = (database: string) =>
    cloudSql.postgres.run(`SELECT datdba::regrole FROM pg_database WHERE datname = '${database}'`);

  test("is found, though whoever connects may leave it: large objects; it is handed over to nobody", async () => {
    cloudSql.createEnvironment("bob");
    expect(as(alice, "plue_bob", "SELECT lo_from_bytea(7, 'left')")).toEqual({ ok: true, text: "7" });
    for (let run = 0; run < 2; run++)
      expect(await cloudSql.reconcile()).toMatchObject({
        ok: false,
        text: expect.stringContaining(
          `hand over plue_bob, in which something belongs to "${alice}": drop it and deploy again`,
        ),
      });
    expect(owner("plue_bob")).toBe("cloudsqlsuperuser");
    expect(cloudSql.dropDatabase("plue_bob").ok).toBe(true);
    cloudSql.createDatabase("plue_bob");
    expect(await cloudSql.reconciled()).toContain("hands over plue_bob");
    expect(owner("plue_bob")).toBe("plue_bob_owner");
  });

  test("is found where an administrator put it into the template that all are copied from", async () => {
    cloudSql.createUser("mallory");
    const trap = `CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'mallory''s' $$`;
    expect(cloudSql.asUser("mallory", "template1", trap).ok).toBe(true);
    cloudSql.createEnvironment("carol");
    expect(await cloudSql.reconcile()).toMatchObject({
      ok: false,
      text: expect.stringContaining("hand over plue_carol, in which something belongs to mallory"),
    });
    cloudSql.postgres.run("DROP FUNCTION public.lower(varchar)", "template1");
    cloudSql.dropDatabase("plue_carol");
    cloudSql.createDatabase("plue_carol");
    expect(await cloudSql.reconciled()).toContain("hands over plue_carol");
  });

  test("of settings and grants is gone with the handover", async () => {
    cloudSql.createEnvironment("dora");
    cloudSql.createUser("trudy");
    for (const sql of [
      "ALTER DATABASE plue_dora SET search_path = trap, public",
      "ALTER DATABASE plue_dora SET role = 'cloudsqlsuperuser'",
      "GRANT ALL ON DATABASE plue_dora TO trudy WITH GRANT OPTION",
      `GRANT CONNECT ON DATABASE plue_dora TO "${alice}"`,
    ])
      expect(cloudSql.asUser("trudy", "postgres", sql)).toEqual({ ok: true, text: "" });
    await cloudSql.reconciled();
    expect(
      cloudSql.postgres.run(
        "SELECT setconfig FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = 'plue_dora'",
      ),
    ).toBe("{role=plue_dora_owner}");
    expect(cloudSql.postgres.run("SELECT datacl FROM pg_database WHERE datname = 'plue_dora'")).toBe(
      "{plue_dora_owner=CTc/plue_dora_owner}",
    );
    expect(cloudSql.asUser("trudy", "plue_dora", "SELECT 1").ok).toBe(false);
    expect(as(alice, "plue_dora", "SELECT 1").ok).toBe(false);
  });

  test.each(["pg_monitor", "pg_signal_backend", "pg_read_all_data"])(
    "of %s, which reaches into every database, nobody keeps",
    async (role) => {
      cloudSql.postgres.run(`GRANT ${role} TO plue WITH ADMIN OPTION`);
      cloudSql.asUser("plue", "postgres", `GRANT ${role} TO "${alice}"`);
      const session = await cloudSql.postgres.connect(alice, "plue_alice", `SET ROLE ${role}`);
      expect(await cloudSql.reconciled()).toContain(`REVOKE ${role} FROM "${alice}"`);
      expect(await session("SELECT 1;")).toEqual(ENDED);
      expect(cloudSql.postgres.run(`SELECT pg_has_role('${alice}', '${role}', 'MEMBER')`)).toBe("f");
    },
  );

  // Both would outlive every session and hold up the drop of the database; the server has neither unless a flag says so.
  test("cannot be a prepared transaction, nor a replication slot", () => {
    expect(as(alice, "plue_alice", "BEGIN; PREPARE TRANSACTION 'left'")).toEqual({
      ok: false,
      text: expect.stringContaining("prepared transactions are disabled"),
    });
    for (const slot of [
      "pg_create_logical_replication_slot('left', 'pgoutput')",
      "pg_create_physical_replication_slot('left')",
    ])
      expect(as(alice, "plue_alice", `SELECT ${slot}`)).toEqual({
        ok: false,
        text: expect.stringContaining("permission denied to use replication slots"),
      });
  });
});
