import { BinaryAuthorizationPolicy } from "@cdktf/provider-google/lib/binary-authorization-policy";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type PropProblem, problemsIn, rejectProps } from "../core/invalid-props";
import type { Attestor } from "./attestor";

/** Images that run only with attestations. */
export interface AttestedImages {
  /** Name patterns of the images, as in `images`: none of them may be let in by its place as well. */
  readonly images: readonly string[];
  /** Attestors, each of which must have attested an image. */
  readonly by: readonly Pick<Attestor, "id">[];
}

export interface BinaryAuthorizationProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * Name patterns of images that may run, besides those of GKE itself: a registry and a path, which may end in one `*` for
   * any characters but a slash (`registry.example/shop/*`, `registry.k8s.io/kubectl:*`).
   */
  readonly images: readonly string[];
  /**
   * Images that run once attestors have attested them. Google asks so of every image that no place lets in; which ones that is
   * meant for is told here, to be held against the places.
   * @default none: an image from nowhere in `images` never runs
   */
  readonly attested?: AttestedImages;
}

/**
 * Binary Authorization policy of a project: its clusters run images that match an allowlist, images that attestors have
 * signed for, and Google's own system images. It refuses every other, whoever deploys it, and says so in the audit log.
 *
 * By its place an image is let in whoever made it: who may push there may have anything run. `attested` closes that gap.
 *
 * A pod labelled `image-policy.k8s.io/break-glass: "true"` starts all the same, and leaves an entry in the audit log:
 * alert on it, or refuse the label where people may make pods, as helm/platform does in engineers' namespaces.
 *
 * A project has one policy. A destroy sets it back to Google's own, which allows every image.
 *
 * Source: OctoLLM document, section "Binary Authorization (GKE)".
 * @see https://cloud.google.com/binary-authorization/docs/key-concepts
 * @throws when no image is named, one would let in more than a place, or an image that is to be attested is let in by its place
 * @example
 * ```ts
 * new BinaryAuthorization(stack, "images", {
 *   projectId: "acme-prod",
 *   images: ["us-central1-docker.pkg.dev/acme-prod/shop/*", "registry.k8s.io/kubectl:*"],
 * });
 * ```
 */
export class BinaryAuthorization extends Construct {
  constructor(scope: Construct, id: string, props: BinaryAuthorizationProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { images, attested } = props;
    new BinaryAuthorizationPolicy(this, "Resource", {
      project: props.projectId,
      description: attested
        ? "Images of known origin, and those that are attested"
        : "Images of known origin only",
      globalPolicyEvaluationMode: "ENABLE",
      admissionWhitelistPatterns:
        images.length > 0 ? images.map((namePattern) => ({ namePattern })) : undefined,
      defaultAdmissionRule: {
        evaluationMode: attested ? "REQUIRE_ATTESTATION" : "ALWAYS_DENY",
        requireAttestationsBy: attested?.by.map((attestor) => attestor.id),
        enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
      },
    });
  }
}

function problems({ images, attested }: BinaryAuthorizationProps): PropProblem[] {
  const found = images.flatMap((image, index) => problemsIn(["images", index], placeProblems(image)));
  if (!attested)
    return images.length > 0
      ? found
      : [{ prop: ["images"], problem: "is empty, which refuses every image", instead: "name the registry" }];
  for (const prop of ["images", "by"] as const)
    if (attested[prop].length === 0)
      found.push({
        prop: ["attested", prop],
        problem: "is empty",
        instead: prop === "by" ? "name an attestor" : "name the images' place",
      });
  for (const [index, image] of attested.images.entries()) {
    found.push(...problemsIn(["attested", "images", index], placeProblems(image)));
    const place = images.find((pattern) => haveImageInCommon(pattern, image));
    if (place !== undefined)
      found.push({
        prop: ["attested", "images", index],
        problem: `is "${image}", of which images lets in ${place} without an attestation`,
        instead: "take that out of images",
      });
  }
  return found;
}

function placeProblems(image: string): PropProblem[] {
  if (Token.isUnresolved(image)) return [];
  if (/^[a-z0-9.-]+(:\d+)?(\/[\w.-]+)+([:@/][\w.:-]*)?\*?$/.test(image)) return [];
  const instead = 'give a registry and a path, with a * at the end alone, such as "registry.example/shop/*"';
  return [{ prop: [], problem: `is "${image}"`, instead }];
}

/** Whether an image could match both patterns, each of which may end in a * for anything but a slash. */
function haveImageInCommon(one: string, other: string): boolean {
  const stem = (pattern: string) => pattern.replace(/\*$/, "");
  const [shorter, longer] = stem(one).length <= stem(other).length ? [one, other] : [other, one];
  if (!stem(longer).startsWith(stem(shorter))) return false;
  const rest = stem(longer).slice(stem(shorter).length);
  return rest === "" || (shorter.endsWith("*") && !rest.includes("/"));
}
