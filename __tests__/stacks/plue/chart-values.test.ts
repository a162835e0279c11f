import { type PlueValues, plueValuesSchema } from "../../../stacks/plue/chart-values";

// The compiler reads the comments: `npm run typecheck` and every synthesis fail when a line below one is accepted.

const required: PlueValues = {
  route: { host: "alice.staging.plue.dev", gateway: { name: "plue", namespace: "gateway" } },
  database: {
    instanceConnectionName: "plue-staging:us-central1:plue-staging",
    privateIp: "10.3.0.3",
    name: "plue_alice",
    user: "staging-alice@plue-staging.iam",
  },
  serviceAccount: { googleServiceAccount: "staging-alice@plue-staging.iam.gserviceaccount.com" },
  secrets: { projectId: "plue-staging", environment: {}, files: {}, versions: {} },
};

describe("a stack cannot pass", () => {
  const message = (values: object) =>
    plueValuesSchema
      .partial()
      .safeParse(values)
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);

  test("a number as a word", () => {
    // @ts-expect-error
    const wrong: PlueValues = { ...required, replicaCount: "two" };
    expect(message({ replicaCount: wrong.replicaCount })).toEqual([
      "replicaCount: Invalid input: expected number, received string",
    ]);
  });

  test("a value that no template reads", () => {
    // @ts-expect-error
    const wrong: PlueValues = { ...required, runner: { warmpool: { replicas: 2 } } };
    expect(message({ runner: wrong.runner })).toContain('runner: Unrecognized key: "warmpool"');
  });

  test("nothing for what the chart has a placeholder for only", () => {
    const { database: _, ...rest } = required;
    // @ts-expect-error
    const wrong: PlueValues = rest;
    expect(wrong).not.toHaveProperty("database");
  });
});
