import {
  engineerLimits,
  type NodePoolCapacity,
  stagingCapacityWarnings,
} from "../../../lib/environments/capacity";

const database = { maxConnections: 25, reservedConnections: 7, connectionsPerEngineer: 6 };
const roomy: NodePoolCapacity = {
  // 3920m and 13182Mi for pods.
  machineType: "e2-standard-4",
  maxNodes: 5,
  systemPerNode: { cpu: "420m", memory: "894Mi" },
  podsPerEngineer: 2,
  pod: { cpu: "250m", memory: "512Mi" },
};
const warnings = (engineers: number, pool: Partial<NodePoolCapacity> = {}, sql = database) =>
  stagingCapacityWarnings({ engineers, database: sql, nodePools: { main: { ...roomy, ...pool } } });

test("there is nothing to say while there is room, up to the last engineer who fits", () => {
  expect(warnings(0)).toEqual([]);
  expect(warnings(3)).toEqual([]);
});

test("one engineer more than the connections suffice for", () => {
  expect(warnings(4)).toEqual([
    "The database is short of 6 connections: 4 engineers may hold 24 (6 each), and 18 of its 25 are theirs. It is full at 3 engineers: take a tier whose max_connections is 31 or more, or fewer connections for each.",
  ]);
});

test("a database with nothing to spare is full with nobody", () => {
  const [warning] = warnings(1, {}, { ...database, maxConnections: 5 });
  expect(warning).toContain(
    "short of 6 connections: 1 engineer may hold 6 (6 each), and 0 of its 5 are theirs",
  );
  expect(warning).toContain("It is full at 0 engineers: take a tier whose max_connections is 13 or more");
});

const unlimited = { ...database, maxConnections: 100_000 };

test("what is scarce decides how many pods fit, and the remedy is the least that suffices", () => {
  // 3.5 cores free hold 14 pods a node, 12 GiB hold 24.
  expect(warnings(35, {}, unlimited)).toEqual([]);
  expect(warnings(36, {}, unlimited)).toEqual([
    "Node pool main is short of room for 2 pods: 36 engineers keep 72 there (250m CPU and 512Mi each), and 5 nodes have CPU for 70. It is full at 35 engineers: raise its maximum to 6 nodes, or take a larger machine type.",
  ]);
  const [warning] = warnings(36, { pod: { cpu: "100m", memory: "2Gi" } }, unlimited);
  expect(warning).toContain(
    "5 nodes have memory for 30. It is full at 15 engineers: raise its maximum to 12 nodes",
  );
});

test("what two nodes have left over does not make room for a pod", () => {
  const half = { maxNodes: 2, podsPerEngineer: 1, pod: { cpu: "2", memory: "1Gi" } };
  expect(warnings(2, half, unlimited)).toEqual([]);
  expect(warnings(3, half, unlimited)[0]).toContain("2 nodes have CPU for 2");
});

test("what others run in the pool counts once, what runs on every node counts for each", () => {
  const shared = { maxNodes: 2, podsPerEngineer: 1, shared: { cpu: "1", memory: "1Gi" } };
  expect(warnings(24, shared, unlimited)).toEqual([]);
  expect(warnings(25, shared, unlimited)[0]).toContain("2 nodes have CPU for 24");
});

test("where not one pod fits on a node, more nodes are not the remedy", () => {
  const [warning] = warnings(1, { pod: { cpu: "4", memory: "1Gi" } }, unlimited);
  expect(warning).toContain(
    "5 nodes have CPU for 0. It is full at 0 engineers: no number of nodes suffices, take a larger",
  );
});

test("every pool that is too small has its own warning, after the database's", () => {
  const tiny = { ...roomy, maxNodes: 1 };
  const given = stagingCapacityWarnings({
    engineers: 40,
    database,
    nodePools: { tiny, roomy, wide: { ...roomy, maxNodes: 99 } },
  });
  expect(given.map((warning) => warning.split(" is ")[0])).toEqual([
    "The database",
    "Node pool tiny",
    "Node pool roomy",
  ]);
});

test("a machine type that is not known is named, with those that are", () => {
  expect(() => warnings(1, { machineType: "e2-large" })).toThrow(
    /^"e2-large" is no known machine type: use e2-micro/,
  );
});

test("a quantity that is none is named", () => {
  expect(() => warnings(1, { pod: { cpu: "fast", memory: "1Gi" } })).toThrow('"fast" is not a CPU quantity');
});

describe("how many engineers there is room for", () => {
  const limits = (pool: Partial<NodePoolCapacity> = {}, sql = database) =>
    engineerLimits({ database: sql, nodePools: { main: { ...roomy, ...pool } } });

  test("is said by what runs out, the smallest number first", () => {
    expect(limits()).toEqual([
      { scarce: "connections of the database", engineers: 3 },
      { scarce: "CPU of node pool main", engineers: 35 },
    ]);
    expect(limits({ pod: { cpu: "100m", memory: "6Gi" } }, unlimited)[0]).toEqual({
      scarce: "memory of node pool main",
      engineers: 5,
    });
  });

  test("is where the warnings begin", () => {
    for (const pool of [{}, { maxNodes: 1 }, { podsPerEngineer: 7 }]) {
      const { engineers } = limits(pool)[0] as { engineers: number };
      expect(warnings(engineers, pool)).toEqual([]);
      expect(warnings(engineers + 1, pool)).not.toEqual([]);
    }
  });

  test("is nobody where the platform itself takes every connection", () => {
    expect(limits({}, { ...database, maxConnections: 5 })[0]?.engineers).toBe(0);
  });
});
