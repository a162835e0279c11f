import { maxConnections, readTier, tierProblem } from "../../../../lib/google/cloud-sql/tiers";

describe("PostgreSQL machine types", () => {
  test.each([
    ["db-f1-micro", 25],
    ["db-g1-small", 50],
    ["db-custom-1-3840", 100],
    ["db-custom-1-6144", 200],
    ["db-custom-2-7424", 200],
    ["db-custom-2-7680", 400],
    ["db-custom-2-8192", 400],
    ["db-custom-4-15360", 500],
    ["db-custom-8-30720", 600],
    ["db-custom-16-61440", 800],
    ["db-custom-32-122880", 1000],
    ["db-perf-optimized-N-2", 500],
  ])("%s accepts %i connections", (tier, connections) => {
    expect(tierProblem(tier)).toBeUndefined();
    expect(maxConnections(tier)).toBe(connections);
  });

  test("the flag max_connections counts before the machine type", () => {
    expect(maxConnections("db-f1-micro", { max_connections: "60" })).toBe(60);
  });

  test("shared-core and custom types are of the Enterprise edition, optimized ones of Enterprise Plus", () => {
    expect(readTier("db-f1-micro").edition).toBe("ENTERPRISE");
    expect(readTier("db-custom-2-8192").edition).toBe("ENTERPRISE");
    expect(readTier("db-perf-optimized-N-4").edition).toBe("ENTERPRISE_PLUS");
  });

  test.each([
    ["db-n1-standard-2", "is no machine type for PostgreSQL"],
    ["db-custom-2", "is no machine type for PostgreSQL"],
    ["db-custom-3-8192", "has 3 vCPU"],
    ["db-custom-98-102400", "has 98 vCPU"],
    ["db-custom-2-8000", "has 8000 MiB"],
    ["db-custom-1-3584", "has 3584 MiB"],
    ["db-custom-8-7168", "has 7168 MiB"],
    ["db-custom-1-7168", "has 7168 MiB"],
  ])("%s is refused", (tier, problem) => {
    expect(tierProblem(tier)?.problem).toBe(`"${tier}" ${problem}`);
    expect(() => readTier(tier)).toThrow(`"${tier}" ${problem}: use `);
  });

  test.each([
    ["db-f1-mirco", "db-f1-micro"],
    ["db-cusotm-2-8192", "db-custom-2-8192"],
    ["db-perf-optimised-N-8", "db-perf-optimized-N-8"],
  ])("%s is told what was meant", (tier, meant) => {
    expect(tierProblem(tier)?.instead).toMatch(
      new RegExp(`^did you mean ${meant}\\? Otherwise use db-f1-micro,`),
    );
  });
});
