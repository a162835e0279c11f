import { parse } from "yaml";
import { plue } from "../../../stacks/plue";
import { type RenderedRelease, renderCharts } from "../../../tools/policy/rendered-charts";
import type { StackSource } from "../../../tools/policy/stack-source";
import { synthesizeSources } from "../../../tools/synthesis";
import { describeOnlyWith } from "../../support/needs";

const stacks = synthesizeSources(plue.readProject());
const named = (name: string) => stacks.find((stack) => stack.name === name) as StackSource;

describeOnlyWith("helm", "charts as the stacks pass values to them", () => {
  test("every release of a chart of this repository is rendered, and the others are named", async () => {
    const { releases, elsewhere, failures } = await renderCharts(stacks, "helm");
    expect(failures).toEqual([]);
    const declared = stacks.flatMap(({ name, json }) =>
      Object.values(json.resource?.["helm_release"] ?? {}).map(
        (release) => [name, String(release["chart"])] as const,
      ),
    );
    expect(declared.length).toBeGreaterThan(4);
    expect(releases.map(({ stack }) => stack).sort()).toEqual(
      declared
        .filter(([, chart]) => chart.startsWith("../../charts/"))
        .map(([stack]) => stack)
        .sort(),
    );
    expect(elsewhere.map((chart) => chart.replace(/ .*of /, " of "))).toEqual(
      declared
        .filter(([, chart]) => !chart.startsWith("../"))
        .map(([stack, chart]) => `${chart} of ${stack}`),
    );
  });

  test("objects have what the stack passes, and point to their template", async () => {
    const { releases } = await renderCharts([named("staging-alice")], "helm");
    const { objects } = releases[0] as RenderedRelease;
    const route = objects.find(({ subject }) => subject.resource === "staging-alice/HTTPRoute/plue");
    expect(parse(route?.text ?? "")).toMatchObject({
      metadata: { namespace: "alice" },
      spec: { hostnames: ["alice.staging.plue.dev"] },
    });
    expect(route?.subject.location).toMatchObject({ file: "helm/plue/templates/route.yaml", startLine: 1 });
    const images = objects.flatMap(({ text }) =>
      [...text.matchAll(/image: (\S+\/zig-api\S*)/g)].map(([, image]) => image),
    );
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(image).toMatch(/@sha256:0{64}$/);
  });

  test("text that is no expression to Terraform is passed as it is", async () => {
    const stack = named("staging-alice");
    const json = JSON.parse(
      JSON.stringify(stack.json).replace('"alice.staging.plue.dev"', () => '"$${x}.plue.dev"'),
    );
    const { failures } = await renderCharts([{ ...stack, json }], "helm");
    expect(failures).toEqual([expect.stringContaining("'${x}.plue.dev' does not match pattern")]);
  });

  test("an object that a ConfigMap holds for later is one of them", async () => {
    const { releases } = await renderCharts([named("production-app")], "helm");
    const resources = releases.flatMap(({ objects }) => objects.map(({ subject }) => subject.resource));
    expect(resources).toContain("production-app/Job/run-x");
  });

  test("values that the chart refuses are a failure, in Helm's words", async () => {
    const stack = named("staging-alice");
    const json = JSON.parse(JSON.stringify(stack.json).replace('"alice.staging.plue.dev"', '"not a host"'));
    const { releases, failures } = await renderCharts([{ ...stack, json }], "helm");
    expect(releases).toEqual([]);
    expect(failures).toEqual([
      expect.stringMatching(/^staging-alice: plue was not rendered: [\s\S]*\/route\/host/),
    ]);
  });

  test("a chart that should be here and is not is a failure, and not one from elsewhere", async () => {
    const stack = named("staging-alice");
    const json = JSON.parse(JSON.stringify(stack.json).replaceAll("../../charts/plue", "../../charts/none"));
    const { elsewhere, failures } = await renderCharts([{ ...stack, json }], "helm");
    expect(elsewhere).toEqual([]);
    expect(failures).toEqual([expect.stringMatching(/^staging-alice: none was not rendered: .*helm\/none/)]);
  });

  test("a chart from a place that is not known is a failure, and not one from elsewhere", async () => {
    const stack = named("staging-alice");
    const json = JSON.parse(JSON.stringify(stack.json).replaceAll('"../../charts/plue"', '"/srv/plue"'));
    const { elsewhere, failures } = await renderCharts([{ ...stack, json }], "helm");
    expect(elsewhere).toEqual([]);
    expect(failures).toEqual([
      "staging-alice: plue was not rendered: /srv/plue is neither in ../../charts nor of a repository",
    ]);
  });

  test("values that are set one by one are a failure, as what is scanned would lack them", async () => {
    const stack = named("staging-alice");
    const json = JSON.parse(
      JSON.stringify(stack.json).replace(
        '"chart":"../../charts/plue"',
        '$&,"set":[{"name":"image.digest","value":"x"}]',
      ),
    );
    const { failures } = await renderCharts([{ ...stack, json }], "helm");
    expect(failures).toEqual([
      'staging-alice: plue was not rendered: it has values in set, and not in "values"',
    ]);
  });

  test("values of a form that is not known are a failure, and not left out", async () => {
    const stack = named("staging-alice");
    const json = JSON.parse(
      JSON.stringify(stack.json).replace("${yamlencode(local.", "${yamlencode(module."),
    );
    const { failures } = await renderCharts([{ ...stack, json }], "helm");
    expect(failures).toEqual([
      expect.stringMatching(
        /^staging-alice: plue was not rendered: its values are neither a file of the chart nor a local/,
      ),
    ]);
  });
});
