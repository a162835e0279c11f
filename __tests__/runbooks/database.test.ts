import { readFileSync } from "node:fs";
import { describeWithPostgres, PostgresServer } from "../support/postgres";
import { fenced } from "../support/shell-commands";

/** Follows what the runbook about connections says to ask PostgreSQL, as the login of an environment. */
const page = readFileSync("docs/runbooks/database-connections.md", "utf8");
const statements = fenced(page, "sql").map((block) => block.trim().split("\n"));

jest.setTimeout(60_000);

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
