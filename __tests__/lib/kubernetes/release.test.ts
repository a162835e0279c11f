import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Chart } from "../../../lib/kubernetes/chart";
import { ApplicationRelease, type ApplicationReleaseProps } from "../../../lib/kubernetes/release";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";
import { plannedOutputs, testWithTerraform } from "../../support/terraform";

const DIGEST = `sha256:${"1a".repeat(32)}`;
const chart = new Chart("helm/plue");
const images = {
  registry: { projectId: "p", location: "us-central1", repositoryId: "plue" },
  names: { image: "zig-api", "runner.image": "runner" },
  tag: "alice",
};

function release(props: Partial<ApplicationReleaseProps<object>> = {}) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    new HelmProvider(stack, "helm", {});
    new ApplicationRelease(stack, "release", {
      chart,
      name: "plue",
      namespace: "alice",
      values: {},
      ...props,
    });
  });
}

const valuesOf = (props: Partial<ApplicationReleaseProps<object>>) =>
  release(props).json["locals"].release_values;

describe("ApplicationRelease", () => {
  test("installs the staged chart, and undoes what does not become ready in time", () => {
    expect(release().resource("helm_release", "release")).toEqual({
      name: "plue",
      namespace: "alice",
      chart: "../../charts/plue",
      values: ["${yamlencode(local.release_values)}"],
      lint: true,
      atomic: true,
      cleanup_on_fail: true,
      wait: true,
      wait_for_jobs: true,
      timeout: 600,
      max_history: 10,
    });
  });

  test("merges its values over the chart's files, in order", () => {
    const { values, timeout, max_history } = release({
      valuesFiles: ["values-staging.yaml", "values-production.yaml"],
      timeoutSeconds: 300,
      maxHistory: 5,
    }).resource("helm_release", "release");
    expect(values).toEqual([
      '${file("../../charts/plue/values-staging.yaml")}',
      '${file("../../charts/plue/values-production.yaml")}',
      "${yamlencode(local.release_values)}",
    ]);
    expect([timeout, max_history]).toEqual([300, 5]);
  });

  test("a change of the chart is a change of the values", () => {
    expect(valuesOf({})).toEqual({ chartHash: chart.hash });
  });

  test("values keep their types and any character", () => {
    const values = { replicaCount: 2, enabled: false, none: [], nested: { text: 'a "b" \\ c\n' } };
    expect(valuesOf({ values })).toEqual({ ...values, chartHash: chart.hash });
  });

  test("runs each image by the digest behind the tag, and keeps what else the values say of it", () => {
    const synthesized = release({ images, values: { runner: { mode: "kubernetes", image: { pull: "x" } } } });
    const digest = (id: string) =>
      `\${element(split("@", data.google_artifact_registry_docker_image.${id}.self_link), 1)}`;
    expect(synthesized.json["locals"].release_values).toEqual({
      chartHash: chart.hash,
      image: {
        repository: "us-central1-docker.pkg.dev/p/plue/zig-api",
        tag: "${var.image_tag}",
        digest: digest("release_image"),
      },
      runner: {
        mode: "kubernetes",
        image: {
          pull: "x",
          repository: "us-central1-docker.pkg.dev/p/plue/runner",
          tag: "${var.image_tag}",
          digest: digest("release_runner_image"),
        },
      },
    });
    expect(synthesized.data("google_artifact_registry_docker_image", "release_runner_image")).toEqual({
      project: "p",
      location: "us-central1",
      repository_id: "plue",
      image_name: '${try("runner@${var.image_digests["runner"]}", "runner:${var.image_tag}")}',
    });
  });

  test("the tag is a variable that has a default", () => {
    const { "//": _, ...variable } = release({ images }).json["variable"].image_tag;
    expect(variable).toEqual({
      type: "string",
      default: "alice",
      nullable: false,
      description: "Image tag to deploy. Left out, the release follows alice.",
    });
  });

  testWithTerraform.each([
    ["nothing but the tag", {}, "zig-api:alice"],
    ["the digest of this image", { "zig-api": DIGEST }, `zig-api@${DIGEST}`],
    ["the digest of another image", { runner: DIGEST }, "zig-api:alice"],
  ])("given %s, Terraform looks up one image", (_, digests, expected) => {
    const { json } = release({ images });
    const name = json["data"].google_artifact_registry_docker_image.release_image.image_name;
    const module = { variable: json["variable"], output: { name: { value: name } } };
    const files = {
      "main.tf.json": JSON.stringify(module),
      "digests.auto.tfvars.json": JSON.stringify({ image_digests: digests }),
    };
    expect(plannedOutputs(files)).toMatchObject({ name: { value: expected } });
  });

  testWithTerraform.each([
    ["an image that there is not", { api: DIGEST }],
    ["a tag", { "zig-api": "main" }],
  ])("Terraform refuses %s as a digest", (_, digests) => {
    const files = {
      "main.tf.json": JSON.stringify({ variable: release({ images }).json["variable"] }),
      "digests.auto.tfvars.json": JSON.stringify({ image_digests: digests }),
    };
    expect(() => plannedOutputs(files)).toThrow("image_digests is a map of zig-api, runner to digests");
  });

  test("looks no image up where digests are off", () => {
    const { json } = release({ images: { ...images, resolveDigests: false } });
    expect(json["data"]).toBeUndefined();
    expect(Object.keys(json["variable"])).toEqual(["image_tag"]);
    expect(json["locals"].release_values.image).toEqual({
      repository: "us-central1-docker.pkg.dev/p/plue/zig-api",
      tag: "${var.image_tag}",
    });
  });

  test("without images there is no variable", () => {
    expect(release().json["variable"]).toBeUndefined();
  });

  test("waits for what it depends on", () => {
    const { json } = synthesize((stack) => {
      new HelmProvider(stack, "helm", {});
      const before = new DataResource(stack, "before");
      const props = { chart, name: "plue", namespace: "alice", values: {}, dependsOn: [before] };
      new ApplicationRelease(stack, "release", props);
    });
    expect(json["resource"].helm_release.release.depends_on).toEqual(["terraform_data.before"]);
  });

  test("a values file that the chart lacks is an error", () => {
    expect(() => release({ valuesFiles: ["values-prod.yaml"] })).toThrow(
      /chart plue has no values-prod\.yaml/,
    );
  });
});
