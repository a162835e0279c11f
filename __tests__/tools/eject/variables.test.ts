import { mapStrings } from "../../../lib/hcl/references";
import { type PlueConfig, parseConfig } from "../../../stacks/plue/config";
import { markInstallation, parameterize } from "../../../tools/eject/variables";
import { projectOf } from "../../support/program";
import fc from "../../support/properties";

const { config } = projectOf();
const markersOf = (config: PlueConfig) => markInstallation(projectOf({ config }).installation);
const values = markersOf(config);
const marked = projectOf().withInstallation(values.map(({ marker }) => marker)).config;
const environment = (project: string, region: string) => ({
  resource: {
    google_sql_database: { it: { project, name: `db-${region}-${project}`, cut: project.slice(0, 5) } },
  },
});

describe("markers", () => {
  test("are values that the configuration takes, but for regions, of which it knows all, and of the same length", () => {
    const regions = values.filter(({ variable }) => variable === "region");
    const text = regions.reduce(
      (config, { marker, value }) => config.replaceAll(marker, value),
      JSON.stringify(marked),
    );
    expect(parseConfig(`{"context": {"plue": ${text}}}`, "cdktf.json")).toEqual(JSON.parse(text));
    for (const { value, marker } of values) expect(marker).toHaveLength(value.length);
  });

  test("are told from each other and from what they stand for", () => {
    for (const { marker } of values)
      expect(values.filter((other) => other.marker.includes(marker) || other.value === marker)).toHaveLength(
        1,
      );
  });

  test("stay apart for short project ids", () => {
    const short = (projectId: string) => ({ ...config.staging, projectId });
    const values = markersOf({ ...config, staging: short("abcdef"), production: short("abcdeg") });
    const markers = values.map(({ marker }) => marker);
    for (const marker of markers) expect(markers.filter((other) => other.includes(marker))).toEqual([marker]);
  });
});

describe("variables", () => {
  test("behind $ are not escaped by it", () => {
    const json = (project: string) => ({ locals: { price: `$${project}, $$$${project} $` } });
    const { config: result } = parameterize(
      json(config.staging.projectId),
      json(marked.staging.projectId),
      values,
    );
    expect(result).toEqual({
      locals: { price: '${"$"}${var.project_id}, ${"$$$"}${var.project_id} $' },
    });
  });

  test("stand where a value is, also inside of a text, and nowhere else", () => {
    const { staging } = config;
    const original = environment(staging.projectId, staging.region);
    const {
      config: result,
      variables,
      values: set,
    } = parameterize(
      { ...original, terraform: { backend: { gcs: { bucket: staging.projectId } } } },
      {
        ...environment(marked.staging.projectId, marked.staging.region),
        terraform: { backend: { gcs: { bucket: marked.staging.projectId } } },
      },
      values,
    );
    expect(result).toEqual({
      resource: {
        google_sql_database: {
          it: {
            project: "${var.project_id}",
            name: "db-${var.region}-${var.project_id}",
            cut: staging.projectId.slice(0, 5),
          },
        },
      },
      // A backend takes no variables.
      terraform: { backend: { gcs: { bucket: staging.projectId } } },
    });
    expect(Object.keys(variables)).toEqual(["project_id", "region"]);
    expect(set).toEqual({ project_id: staging.projectId, region: staging.region });
  });

  test("are named after the environment where a stack has both values", () => {
    const both = ({ staging, production }: typeof config) => ({
      locals: { projects: [staging.projectId, production.projectId], region: staging.region },
    });
    const { config: result, values: set } = parameterize(both(config), both(marked), values);
    expect(result["locals"]).toEqual({
      projects: ["${var.staging_project_id}", "${var.production_project_id}"],
      region: "${var.region}",
    });
    expect(set).toEqual({
      staging_project_id: config.staging.projectId,
      production_project_id: config.production.projectId,
      region: config.staging.region,
    });
  });

  test("are one map for what is named by a key", () => {
    const alerts = ({ staging }: typeof config) => ({ locals: { to: Object.values(staging.alertEmails) } });
    const { config: result, variables, values: set } = parameterize(alerts(config), alerts(marked), values);
    expect(result["locals"]).toEqual({ to: ['${var.alert_emails["platform"]}'] });
    expect(variables["alert_emails"]).toMatchObject({ type: "map(string)" });
    expect(set).toEqual({ alert_emails: config.staging.alertEmails });
  });

  test("put in, give the original, whatever was computed from the values", () => {
    const { projectId } = config.staging;
    const other = marked.staging.projectId;
    const computed = fc.constantFrom<(project: string) => unknown>(
      (project) => project,
      (project) => `a-${project}/${project}.b`,
      (project) => project.slice(2),
      (project) => [project.length, project.toUpperCase(), null],
      (project) => ({ [project]: project, same: "same" }),
      (project) => project.split("").filter((letter) => letter < "m"),
    );
    fc.assert(
      fc.property(fc.array(computed), (all) => {
        const of = (project: string) => ({ locals: { it: all.map((one) => one(project)) } });
        const { config: result } = parameterize(of(projectId), of(other), values);
        expect(mapStrings(result, (text) => text.replaceAll("${var.project_id}", projectId))).toEqual(
          of(projectId),
        );
      }),
    );
  });
});
