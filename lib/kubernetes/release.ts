import { DataGoogleArtifactRegistryDockerImage } from "@cdktf/provider-google/lib/data-google-artifact-registry-docker-image";
import { Release } from "@cdktf/provider-helm/lib/release";
import { Fn, type ITerraformDependable, TerraformLocal, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { expression } from "../core/expression";
import { type PropProblem, rejectProps, wholeNumber } from "../core/invalid-props";
import { type ImageRegistry, imageRepository } from "../google/artifact-registry";
import type { Chart } from "./chart";

/** Container images of a release, which follow a tag. */
export interface ReleaseImages {
  /** Repository that holds all of them. */
  readonly registry: ImageRegistry;
  /** Image name by the values it becomes: `{image: "zig-api", "runner.image": "runner"}`. */
  readonly names: Record<string, string>;
  /**
   * Tag that the release follows, the default of the Terraform variable `image_tag`: whatever it points to when
   * Terraform plans is what the release runs, by digest.
   */
  readonly tag: string;
  /**
   * Look the tag up. Without it the release runs the tag itself: for an environment that is to be destroyed, which
   * an image that is gone must not block.
   * @default true
   */
  readonly resolveDigests?: boolean;
}

export interface ApplicationReleaseProps<Values extends object> {
  /** Chart to release. */
  readonly chart: Chart<Values>;
  /** Name of the Helm release. Changing it uninstalls the old one and installs another. */
  readonly name: string;
  /** Existing namespace. Changing it uninstalls the release there and installs it here. */
  readonly namespace: string;
  /** Files of the chart that are merged over its `values.yaml`, in this order: `["values-staging.yaml"]`. @default none */
  readonly valuesFiles?: readonly string[];
  /** Values that are merged over the files. References to other resources are welcome. */
  readonly values: Values;
  /** Images that follow a moving tag. At most one release of a stack may have them: they share `image_tag`. @default none */
  readonly images?: ReleaseImages;
  /**
   * Seconds until an install or upgrade that is not ready counts as failed and is undone, at most 3600. Longer than a hook of the chart may
   * take, or Helm gives up first and does not say what the hook did.
   * @default 600
   */
  readonly timeoutSeconds?: number;
  /** Revisions to keep for `helm rollback`. @default 10 */
  readonly maxHistory?: number;
  /** What else must exist before the release, and outlive it. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** Take over objects of the chart's that are there already, as those that GKE makes. @default false: they fail the release */
  readonly takeOwnership?: boolean;
}

/**
 * Helm release of a chart of this repository, owned by Terraform alone: whoever also runs `helm upgrade` on it finds
 * the change undone by the next apply.
 *
 * It changes when its values change, when a file of the chart changes (the chart's hash is one of the values), or when
 * the image behind the tag does; a plan shows which. `cdktf deploy staging-alice --var image_tag=…` deploys another tag
 * once, and `--var 'image_digests={"zig-api":"sha256:…"}'` a digest instead of what the tag points to: the way back to an
 * earlier release, until the next apply without it follows the tag again. An install or upgrade that does not become
 * ready in time is rolled back, and so does not block the next.
 *
 * Where a tag has no image yet, planning fails with "Requested image was not found": push one first.
 *
 * Source: infrastructure document, sections "Module: Staging Namespace (Per-Engineer)" and "CI/CD Pipeline".
 * @see https://registry.terraform.io/providers/hashicorp/helm/3.1.1/docs/resources/release
 * @throws when an image's path is not one of values, when the chart lacks a values file, or on a timeout or history out
 * of bounds
 * @example
 * ```ts
 * new ApplicationRelease(stack, "release", {
 *   chart: new Chart("helm/plue"),
 *   name: "plue",
 *   namespace: "alice",
 *   valuesFiles: ["values-staging.yaml"],
 *   values: { replicaCount: 1 },
 *   images: {
 *     registry: { projectId: "acme-staging", location: "us-central1", repositoryId: "plue" },
 *     names: { image: "zig-api", "runner.image": "runner" },
 *     tag: "alice",
 *   },
 * });
 * ```
 */
export class ApplicationRelease<Values extends object = object> extends Construct {
  /** Name of the Helm release. */
  readonly name: string;
  /** The release itself, for what must be made after it, or outlive it. */
  readonly release: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ApplicationReleaseProps<Values>) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { chart, images, timeoutSeconds = 600, maxHistory = 10 } = props;

    const values = new TerraformLocal(this, "values", {
      ...(images ? withImages(props.values, this.resolve(images)) : props.values),
      chartHash: chart.hash,
    });
    const release = new Release(this, "Resource", {
      name: props.name,
      namespace: props.namespace,
      chart: chart.reference,
      values: [
        ...(props.valuesFiles ?? []).map((file) => Fn.file(chart.fileReference(file))),
        Fn.yamlencode(values.fqn),
      ],
      // A chart that does not render, or values that its schema refuses, fail the plan.
      lint: true,
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      waitForJobs: true,
      timeout: timeoutSeconds,
      maxHistory,
      takeOwnership: props.takeOwnership,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    this.name = release.name;
    this.release = release;
  }

  /** Values of each image by path. */
  private resolve({ registry, names, tag, resolveDigests = true }: ReleaseImages): [string, object][] {
    const variable = new TerraformVariable(this, "image_tag", {
      type: "string",
      default: tag,
      nullable: false,
      description: `Image tag to deploy. Left out, the release follows ${tag}.`,
    });
    const digests = resolveDigests ? this.digests(Object.values(names)) : undefined;
    return Object.entries(names).map(([path, name]) => {
      const repository = imageRepository(registry, name);
      const image = { repository, tag: variable.stringValue };
      if (!digests) return [path, image];
      const found = new DataGoogleArtifactRegistryDockerImage(this, path.replaceAll(".", "_"), {
        project: registry.projectId,
        location: registry.location,
        repositoryId: registry.repositoryId,
        imageName: expression`try(${`${name}@${expression`${digests}[${name}]`}`}, ${`${name}:${variable.fqn}`})`,
      });
      // Looked up by digest as well, so that one that is gone fails the plan, and state says what runs.
      // self_link is the image's name with its digest: us-central1-docker.pkg.dev/p/r/zig-api@sha256:…
      return [path, { ...image, digest: Fn.element(Fn.split("@", found.selfLink), 1) }];
    });
  }

  /** The variable of digests to run instead of what the tag points to, as a reference. */
  private digests(names: readonly string[]): string {
    const variable = new TerraformVariable(this, "image_digests", {
      type: "map(string)",
      default: {},
      nullable: false,
      description:
        "Digests to deploy instead of what the tag points to, by image. For going back to a release.",
      validation: [
        {
          condition: expression`alltrue([for name, digest in var.image_digests : contains(${names}, name) && can(regex("^sha256:[0-9a-f]{64}$", digest))])`,
          errorMessage: `image_digests is a map of ${names.join(", ")} to digests: sha256: and 64 hexadecimal digits.`,
        },
      ],
    });
    return variable.fqn;
  }
}

type Tree = Record<string, unknown>;

function withImages(values: object, images: readonly [string, object][]): Tree {
  return images.reduce<Tree>((tree, [path, image]) => mergeAt(tree, path.split("."), image), { ...values });
}

function mergeAt(tree: Tree, [key = "", ...rest]: readonly string[], image: object): Tree {
  const below = (tree[key] ?? {}) as Tree;
  return { ...tree, [key]: rest.length > 0 ? mergeAt(below, rest, image) : { ...below, ...image } };
}

function problems({ images, timeoutSeconds, maxHistory }: ApplicationReleaseProps<object>): PropProblem[] {
  const paths = Object.keys(images?.names ?? {});
  return [
    ...paths
      .filter((path) => !/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(path))
      .map((path) => ({
        prop: ["images", "names", path],
        problem: `"${path}" is no path of values`,
        instead: 'give the image\'s, such as "runner.image"',
      })),
    ...wholeNumber(["timeoutSeconds"], timeoutSeconds, { from: 1, to: 3600, optional: true }),
    ...wholeNumber(["maxHistory"], maxHistory, { from: 1, to: 100, optional: true }),
  ];
}
