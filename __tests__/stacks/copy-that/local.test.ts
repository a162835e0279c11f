import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { composeServices, testWithCompose } from "../../support/compose";

const FOLDER = "stacks/copy-that/local";
const services = () => composeServices(FOLDER, ["-f", "compose.yaml"], { APP: "/app" });
const dashboard = JSON.parse(readFileSync(join(FOLDER, "grafana/dashboards/api.json"), "utf8"));

testWithCompose("has what the document has, at the loopback alone", () => {
  const all = services();
  expect(Object.keys(all).sort()).toEqual(["api", "grafana", "postgres", "prometheus", "redis"]);
  const ports = Object.entries(all).map(([name, { ports }]) => [
    name,
    ports.map(({ host_ip, published, target }) => `${host_ip}:${published}:${target}`),
  ]);
  expect(Object.fromEntries(ports)).toEqual({
    api: ["127.0.0.1:8000:8000"],
    grafana: ["127.0.0.1:3000:3000"],
    postgres: ["127.0.0.1:5432:5432"],
    prometheus: ["127.0.0.1:9090:9090"],
    redis: ["127.0.0.1:6379:6379"],
  });
  expect([all["postgres"]?.image, all["redis"]?.image]).toEqual(["postgres:16-alpine", "redis:7-alpine"]);
});

testWithCompose("the API starts once database and Redis are there", () => {
  expect(services()["api"]?.depends_on).toMatchObject({
    postgres: { condition: "service_healthy" },
    redis: { condition: "service_healthy" },
  });
});

testWithCompose("a folder of the application that is not there is an error, and not made", () => {
  const binds = (services()["api"]?.volumes ?? []).map(({ source, bind }) => [
    source,
    bind?.create_host_path ?? false,
  ]);
  expect(binds).toEqual([
    ["/app/app", false],
    ["/app/alembic", false],
  ]);
});

testWithCompose("what is mounted is there, and where Grafana and Prometheus look", () => {
  const { prometheus, grafana } = services();
  expect(prometheus?.volumes[0]).toMatchObject({
    source: resolve(FOLDER, "prometheus.yaml"),
    target: "/etc/prometheus/prometheus.yaml",
  });
  expect(grafana?.volumes.map(({ source, target }) => [source, target])).toEqual([
    [resolve(FOLDER, "grafana/provisioning"), "/etc/grafana/provisioning"],
    [resolve(FOLDER, "grafana/dashboards"), "/var/lib/grafana/dashboards"],
  ]);
  const { providers } = parse(
    readFileSync(join(FOLDER, "grafana/provisioning/dashboards/files.yaml"), "utf8"),
  );
  expect(providers[0].options.path).toBe("/var/lib/grafana/dashboards");
});

test("every panel asks the one data source that there is", () => {
  const { datasources } = parse(
    readFileSync(join(FOLDER, "grafana/provisioning/datasources/prometheus.yaml"), "utf8"),
  );
  for (const { datasource } of dashboard.panels) expect(datasource.uid).toBe(datasources[0].uid);
});

test("the dashboard has the document's panels and thresholds", () => {
  const panels = dashboard.panels.map(({ title, type }: { title: string; type: string }) => [title, type]);
  expect(panels).toEqual([
    ["Request rate", "timeseries"],
    ["Error rate", "stat"],
    ["P95 latency", "gauge"],
    ["Extraction duration", "heatmap"],
  ]);
  expect(
    dashboard.panels[1].fieldConfig.defaults.thresholds.steps.map(({ value }: { value: number }) => value),
  ).toEqual([null, 1, 5]);
});
