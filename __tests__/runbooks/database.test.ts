import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineerNames } from "../../stacks/plue/registry/engineer-names";
import { CloudSqlStandIn, describeDatabaseGrants, loginOf } from "../support/cloud-sql";
import { passedBy, Rendered } from "../support/helm";
import { describeWithPostgres, PostgresServer } from "../support/postgres";
import { commandsOf, fenced } from "../support/shell-commands";

/** Follows what the runbook about connections says to ask PostgreSQL, as the login of an environment. */
const page = readFileSync("docs/runbooks/database-connections.md", "utf8");
const statements = fenced(page, "sql").map((block) => block.trim().split("\n"));

describeWithPostgres("database-connections", () => {
  let server: PostgresServer;
  const open: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await PostgresServer.start("root", []);
    server.run(`CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE DATABASE plue`);
    for (const user of ["alice", "alice", "bob"]) open.push(await server.connect(user, "plue"));
  });
  afterAll(async () => {
    for (const close of open) await close();
    await server.stop();
  });

  test("counts everybody's connections, as somebody without any right to their queries", () => {
    const { ok, text } = server.ask("alice", "plue", String(statements[0]?.[0]));
    expect(ok).toBe(true);
    expect(text.split("\n")).toEqual(["plue|alice|3", "plue|bob|1"]);
  });

  test("shows her own sessions, and nobody else's", () => {
    const { ok, text } = server.ask("alice", "plue", String(statements[0]?.[1]));
    expect([ok, text.split("\n").length]).toEqual([true, 3]);
  });

  test("ends her own idle sessions, not the one that asks, and nobody else's", () => {
    const terminate = String(statements[1]?.[0]).replace("10 minutes", "0 seconds");
    expect(terminate).toContain("0 seconds");
    const { ok, text } = server.ask("alice", "plue", terminate);
    expect([ok, text.split("\n").map((row) => row.split("|")[1])]).toEqual([true, ["t", "t"]]);
    expect(server.run("SELECT usename FROM pg_stat_activity WHERE datname = 'plue'")).toBe("bob");
  });
});

describe("in any page", () => {
  const pages = ["docs", "docs/runbooks", "docs/decisions", "local", "."].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".md"))
      .map((file) => join(folder, file)),
  );
  /** Whom a command logs in to a database as; undefined where it does not. */
  const loginOf = (command: string): string | undefined => {
    if (/^gcloud (\w+ )?sql (import|connect) /.test(command)) return "a user with a password";
    if (!/^(PG\w+=\S+ )*(psql|pg_dump|pg_dumpall|pg_restore) /.test(command)) return undefined;
    return /(?:\buser=|--username[= ]|-U ?|PGUSER=)"?([^\s"]+)/.exec(command)?.[1] ?? "whoever is set";
  };

  test("no page has anything run as a database's administrator: that is what is in it, too", () => {
    const found = pages.flatMap((page) =>
      commandsOf(readFileSync(page, "utf8")).flatMap((command) => {
        const login = loginOf(command);
        return login === undefined ? [] : [[page, login] as const];
      }),
    );
    expect(found.length).toBeGreaterThan(4);
    const own = [engineerNames("alice", "plue-staging").databaseUser, "plue-production@plue-prod.iam"];
    expect(found.filter(([, login]) => !own.includes(login))).toEqual([]);
  });

  test.each([
    ["gcloud sql import sql plue-prod gs://b/x.sql --database=plue --user=plue", "a user with a password"],
    ["gcloud beta sql connect plue-prod --user=postgres", "a user with a password"],
    ['psql "host=127.0.0.1 user=plue dbname=plue_alice" --file=x.sql', "plue"],
    ["psql -h 127.0.0.1 -U postgres plue_alice", "postgres"],
    ["PGUSER=plue pg_restore --dbname=plue_alice x.dump", "plue"],
    ["pg_restore --dbname=plue_alice x.dump", "whoever is set"],
  ])("the check sees who that is: %s", (command, login) => expect(loginOf(command)).toBe(login));
});

describeDatabaseGrants("database-restore", () => {
  const [alice, bob] = [loginOf("alice"), loginOf("bob")];
  const commands = commandsOf(readFileSync("docs/runbooks/database-restore.md", "utf8"));
  let cloudSql: CloudSqlStandIn;
  let folder: string;

  /** A function as an engineer leaves it: with the rights of whoever runs it, it gives her bob's database. */
  const trap = (name: string, returns: string, answer: string) => `
    CREATE FUNCTION public.${name} RETURNS ${returns} LANGUAGE plpgsql AS $$
    BEGIN
      EXECUTE 'GRANT plue_bob_owner TO "${alice}"';
      RETURN ${answer};
    EXCEPTION WHEN insufficient_privilege THEN
      INSERT INTO public.caught VALUES ('${name}', current_user);
      RETURN ${answer};
    END $$;`;
  // In the order of pg_dump: definitions, data, then what is computed of them.
  const dump = `
    SELECT pg_catalog.set_config('search_path', '', false);
    CREATE TABLE public.caught (name text, who name);
    ${trap("checked(int)", "boolean", "true")}
    ${trap("fired()", "trigger", "NEW")}
    ${trap("refreshed()", "int", "1")}
    CREATE TABLE public.tasks (id int CHECK (public.checked(id)));
    CREATE TRIGGER fired BEFORE INSERT ON public.tasks FOR EACH ROW EXECUTE FUNCTION public.fired();
    CREATE MATERIALIZED VIEW public.stolen AS SELECT public.refreshed() AS id WITH NO DATA;
    COPY public.tasks FROM stdin;
1
\\.
    REFRESH MATERIALIZED VIEW public.stolen;`;

  beforeAll(async () => {
    cloudSql = await CloudSqlStandIn.start(new Rendered(passedBy("staging-platform", "platform")), false);
    for (const name of ["alice", "bob"]) cloudSql.createEnvironment(name);
    await cloudSql.reconciled();
    cloudSql.postgres.ask(alice, "plue_alice", "CREATE TABLE tasks AS SELECT 2 AS id");
    folder = mkdtempSync(join(tmpdir(), "plue-restore-"));
    writeFileSync(join(folder, "plue_alice.sql"), dump);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cloudSql.stop();
  });

  const isBobs = () =>
    cloudSql.postgres.run(`SELECT pg_has_role('${alice}', 'plue_bob_owner', 'MEMBER')`) === "t";

  test("an engineer's traps run as the login that restores, which they gain nothing by", () => {
    const [restore = ""] = commands.filter((command) => command.startsWith("psql "));
    const { status, stderr } = spawnSync("sh", ["-c", restore], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], PGPORT: String(cloudSql.postgres.port) },
    });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining("ERROR")]);
    const asked = cloudSql.postgres.ask(
      alice,
      "plue_alice",
      "SELECT DISTINCT name, who FROM restored.caught ORDER BY name; SELECT id FROM tasks",
    );
    expect(asked.text.split("\n")).toEqual([
      "checked(int)|plue_alice_owner",
      "fired()|plue_alice_owner",
      "refreshed()|plue_alice_owner",
      "2",
    ]);
    expect(isBobs()).toBe(false);
    expect(cloudSql.postgres.ask(alice, "plue_bob", "SELECT 1").ok).toBe(false);
  });

  test("the same dump gives her bob's database where the administrator restores it", () => {
    cloudSql.createDatabase("plue_restored");
    cloudSql.asUser("plue", "plue_restored", dump);
    expect(isBobs()).toBe(true);
    expect(cloudSql.postgres.ask(alice, "plue_bob", "SELECT 1").ok).toBe(true);
    expect(cloudSql.postgres.ask(bob, "plue_bob", "SELECT 1").ok).toBe(true);
  });
});
