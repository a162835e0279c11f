import { BinaryAuthorizationPolicy } from "@cdktf/provider-google/lib/binary-authorization-policy";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type PropProblem, rejectProps } from "../core/invalid-props";

export interface BinaryAuthorizationProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * Name patterns of images that may run, besides those of GKE itself: a registry and a path, which may end in one `*` for
   * any characters but a slash (`registry.example/shop/*`, `registry.k8s.io/kubectl:*`).
   */
  readonly images: readonly string[];
}

/**
 * Binary Authorization policy of a project: its clusters run images that match an allowlist and Google's own system
 * images. It refuses an image from anywhere else, whoever deploys it, and says so in the audit log.
 *
 * By where an image comes from, not by who signed it: who may push to a named place may have anything run. Attestations
 * close that gap, once a build makes them.
 *
 * A pod labelled `image-policy.k8s.io/break-glass: "true"` starts all the same, and leaves an entry in the audit log:
 * alert on it, or refuse the label where people may make pods, as helm/platform does in engineers' namespaces.
 *
 * A project has one policy. A destroy sets it back to Google's own, which allows every image.
 *
 * Source: OctoLLM document, section "Binary Authorization (GKE)".
 * @see https://cloud.google.com/binary-authorization/docs/key-concepts
 * @throws when no image is named, or one would let in more than a place
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
    new BinaryAuthorizationPolicy(this, "Resource", {
      project: props.projectId,
      description: "Images of known origin only",
      globalPolicyEvaluationMode: "ENABLE",
      admissionWhitelistPatterns: props.images.map((namePattern) => ({ namePattern })),
      defaultAdmissionRule: {
        evaluationMode: "ALWAYS_DENY",
        enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
      },
    });
  }
}

function problems({ images }: BinaryAuthorizationProps): PropProblem[] {
  if (images.length === 0)
    return [
      { prop: ["images"], problem: "is empty, which refuses every image", instead: "name the registry" },
    ];
  return images.flatMap((image, index) => {
    if (Token.isUnresolved(image)) return [];
    if (/^[a-z0-9.-]+(:\d+)?(\/[\w.-]+)+([:@/][\w.:-]*)?\*?$/.test(image)) return [];
    const instead =
      'give a registry and a path, with a * at the end alone, such as "registry.example/shop/*"';
    return [{ prop: ["images", index], problem: `is "${image}"`, instead }];
  });
}
