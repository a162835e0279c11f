import {
  containerErrors,
  containerSilent,
  databaseConnections,
  databaseDisk,
  loadBalancerErrors,
  loadBalancerLatency,
  metricThreshold,
  percentileAbove,
  ratioAbove,
  secretRotationDue,
} from "../../../../lib/google/monitoring/alerts";

describe("metricThreshold", () => {
  test("compares each time series on its own, unless told to reduce them", () => {
    const cpu = metricThreshold({ displayName: "CPU > 80 %", filter: 'metric.type = "cpu"', above: 0.8 });
    expect(cpu).toEqual({
      displayName: "CPU > 80 %",
      threshold: {
        filter: 'metric.type = "cpu"',
        comparison: "COMPARISON_GT",
        thresholdValue: 0.8,
        aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_MEAN" }],
      },
    });
    const reduced = metricThreshold({
      displayName: "queue is empty",
      filter: "x",
      below: 1,
      aligner: "ALIGN_MIN",
      reducer: "REDUCE_SUM",
      groupBy: ["metric.labels.queue"],
    });
    expect(reduced.threshold).toMatchObject({
      comparison: "COMPARISON_LT",
      thresholdValue: 1,
      aggregations: [
        {
          perSeriesAligner: "ALIGN_MIN",
          crossSeriesReducer: "REDUCE_SUM",
          groupByFields: ["metric.labels.queue"],
        },
      ],
    });
  });

  test("takes zero as a bound", () => {
    expect(metricThreshold({ displayName: "x", filter: "x", above: 0 }).threshold.thresholdValue).toBe(0);
  });
});

describe("ratioAbove", () => {
  test("has a denominator, aggregated as its numerator is", () => {
    const { threshold } = ratioAbove({
      displayName: "errors",
      numerator: "failed",
      denominator: "all",
      above: 0.05,
    });
    const sum = [
      { alignmentPeriod: "60s", perSeriesAligner: "ALIGN_DELTA", crossSeriesReducer: "REDUCE_SUM" },
    ];
    expect(threshold).toEqual({
      filter: "failed",
      denominatorFilter: "all",
      comparison: "COMPARISON_GT",
      thresholdValue: 0.05,
      aggregations: sum,
      denominatorAggregations: sum,
      evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
    });
  });
});

test("percentileAbove takes the percentile of all values, not a mean of percentiles", () => {
  expect(percentileAbove({ displayName: "P99", filter: "latency", percentile: 99, above: 2000 })).toEqual({
    displayName: "P99",
    threshold: {
      filter: "latency",
      comparison: "COMPARISON_GT",
      thresholdValue: 2000,
      aggregations: [
        {
          alignmentPeriod: "60s",
          perSeriesAligner: "ALIGN_DELTA",
          crossSeriesReducer: "REDUCE_PERCENTILE_99",
        },
      ],
      evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
    },
  });
});

describe("load balancer", () => {
  const requests =
    'metric.type = "loadbalancing.googleapis.com/https/request_count" AND resource.type = "https_lb_rule"';

  test("errors are a share of the same requests", () => {
    const { displayName, threshold } = loadBalancerErrors({ above: 0.05 });
    expect(displayName).toBe("5xx responses > 5 %");
    expect(threshold).toMatchObject({
      filter: `${requests} AND metric.labels.response_code_class = 500`,
      denominatorFilter: requests,
      thresholdValue: 0.05,
    });
  });

  test("a filter narrows numerator and denominator", () => {
    const filter = 'resource.labels.url_map_name = "web"';
    expect(loadBalancerErrors({ above: 0.01, filter }).threshold).toMatchObject({
      filter: `${requests} AND ${filter} AND metric.labels.response_code_class = 500`,
      denominatorFilter: `${requests} AND ${filter}`,
    });
  });

  test("latency is a percentile in milliseconds", () => {
    const { displayName, threshold } = loadBalancerLatency({ percentile: 95, aboveMs: 2000 });
    expect(displayName).toBe("P95 latency > 2000 ms");
    expect(threshold).toMatchObject({
      filter:
        'metric.type = "loadbalancing.googleapis.com/https/total_latencies" AND resource.type = "https_lb_rule"',
      thresholdValue: 2000,
      aggregations: [{ crossSeriesReducer: "REDUCE_PERCENTILE_95" }],
    });
  });
});

test("containerErrors counts what one container of a cluster reports as an error, over more than one run of a job of every minute", () => {
  expect(containerErrors({ namespace: "jobs", container: "job" })).toEqual({
    displayName: "job reports errors",
    threshold: {
      filter:
        'metric.type = "logging.googleapis.com/log_entry_count" AND resource.type = "k8s_container" AND resource.labels.namespace_name = "jobs" AND resource.labels.container_name = "job" AND metric.labels.severity = "ERROR"',
      comparison: "COMPARISON_GT",
      thresholdValue: 0,
      aggregations: [
        { alignmentPeriod: "300s", perSeriesAligner: "ALIGN_DELTA", crossSeriesReducer: "REDUCE_SUM" },
      ],
    },
  });
});

test("containerSilent fires where a container writes nothing, which is where there is no data", () => {
  const { displayName, threshold } = containerSilent({ namespace: "jobs", container: "job" });
  expect(displayName).toBe("job is silent");
  expect(threshold).toMatchObject({
    filter: expect.not.stringContaining("severity"),
    comparison: "COMPARISON_LT",
    thresholdValue: 1,
    evaluationMissingData: "EVALUATION_MISSING_DATA_ACTIVE",
  });
});

test("secretRotationDue fires while a reminder is not acknowledged", () => {
  const { displayName, threshold } = secretRotationDue({ subscription: "secret-rotation" });
  expect(displayName).toBe("A secret is due for rotation");
  expect(threshold).toMatchObject({ comparison: "COMPARISON_GT", thresholdValue: 0 });
  expect(threshold.filter).toContain("subscription/num_undelivered_messages");
  expect(threshold.filter).toContain('resource.labels.subscription_id = "secret-rotation"');
});

test("databaseDisk compares the share of the instance's disk that is in use", () => {
  const props = { projectId: "p", instanceName: "db" };
  expect(databaseDisk({ ...props, above: 0.85 })).toEqual({
    displayName: "database disk > 85 %",
    threshold: {
      filter:
        'metric.type = "cloudsql.googleapis.com/database/disk/utilization" AND resource.type = "cloudsql_database" AND resource.labels.database_id = "p:db"',
      comparison: "COMPARISON_GT",
      thresholdValue: 0.85,
      aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_MEAN" }],
    },
  });
});

describe("databaseConnections", () => {
  const props = { projectId: "p", instanceName: "db", maxConnections: 200, above: 0.8 };

  test("sums the databases of the instance against a share of max_connections", () => {
    expect(databaseConnections(props)).toEqual({
      displayName: "database connections > 80 % of 200",
      threshold: {
        filter:
          'metric.type = "cloudsql.googleapis.com/database/postgresql/num_backends" AND resource.type = "cloudsql_database" AND resource.labels.database_id = "p:db"',
        comparison: "COMPARISON_GT",
        thresholdValue: 160,
        aggregations: [
          {
            alignmentPeriod: "60s",
            perSeriesAligner: "ALIGN_MAX",
            crossSeriesReducer: "REDUCE_SUM",
            groupByFields: ["resource.labels.database_id"],
          },
        ],
      },
    });
    expect(databaseConnections({ ...props, maxConnections: 25 }).threshold.thresholdValue).toBe(20);
  });
});
