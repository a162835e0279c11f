import { ComputeRegionCommitment } from "@cdktf/provider-google/lib/compute-region-commitment";
import { TerraformResource, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import {
  nameProblem,
  type PropProblem,
  printProblem,
  problemAt,
  rejectProps,
  wholeNumber,
} from "../core/invalid-props";

/** Memory is bought in parts of so many MB. */
const MB_STEP = 256;
const MB_PER_GB = 1024;

export interface CommitmentProps {
  /** Id of the Google Cloud project, whose machines of the region it pays for. */
  readonly projectId: string;
  /** Region of the machines. */
  readonly region: string;
  /** Name of the commitment: at most 63 lower-case letters, digits and -. */
  readonly name: string;
  /** For people. @default none */
  readonly description?: string;
  /** Which machines: `GENERAL_PURPOSE_N2` are those of the series n2. */
  readonly type:
    | "GENERAL_PURPOSE_E2"
    | "GENERAL_PURPOSE_N1"
    | "GENERAL_PURPOSE_N2"
    | "GENERAL_PURPOSE_N2D"
    | "GENERAL_PURPOSE_T2D"
    | "GENERAL_PURPOSE_C3"
    | "COMPUTE_OPTIMIZED_C2"
    | "COMPUTE_OPTIMIZED_C2D"
    | "MEMORY_OPTIMIZED";
  /** For how long it is paid. */
  readonly months: 12 | 36;
  /** vCPUs. */
  readonly vcpus: number;
  /** GB of memory, in quarters. */
  readonly memoryGb: number;
  /** Another of the same follows at its end. @default false */
  readonly autoRenew?: boolean;
}

/**
 * Committed use discount for Compute Engine: vCPUs and memory of one machine series in a region, paid for a year or three
 * whether used or not, in place of what such machines cost otherwise. GKE's nodes use it by themselves.
 *
 * **An apply buys it, and nothing takes it back.** Google cancels no commitment. Every prop is a part of the purchase: to
 * change one would forget this one, which goes on being paid, and buy another. So Terraform refuses to destroy it or to
 * replace it, and it has a stack of its own, which no command means by mistake. More is bought as another `Commitment`.
 *
 * An estimate does not have its price: it is in the console, Compute Engine, Committed use discounts. Who applies it needs
 * `compute.commitments.create`, and quota for commitments in the region.
 *
 * Source: OctoLLM document, section "Cost Monitoring".
 * @see https://cloud.google.com/compute/docs/instances/signing-up-committed-use-discounts
 * @throws when an amount is none that Google sells, or its stack declares anything else
 * @example
 * ```ts
 * new Commitment(stack, "cud", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-prod-cud",
 *   type: "GENERAL_PURPOSE_N2",
 *   months: 12,
 *   vcpus: 60,
 *   memoryGb: 240,
 * });
 * ```
 */
export class Commitment extends Construct {
  /** Id that Google gave it. */
  readonly commitmentId: string;

  constructor(scope: Construct, id: string, props: CommitmentProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const commitment = new ComputeRegionCommitment(this, "Resource", {
      project: props.projectId,
      region: props.region,
      name: props.name,
      description: props.description,
      category: "MACHINE",
      type: props.type,
      plan: props.months === 12 ? "TWELVE_MONTH" : "THIRTY_SIX_MONTH",
      autoRenew: props.autoRenew ?? false,
      resources: [
        { type: "VCPU", amount: String(props.vcpus) },
        { type: "MEMORY", amount: String(props.memoryGb * MB_PER_GB) },
      ],
      lifecycle: { preventDestroy: true },
    });
    this.commitmentId = commitment.getStringAttribute("commitment_id");
    const stack = TerraformStack.of(this);
    this.node.addValidation({
      validate: () =>
        stack.node
          .findAll()
          .filter(isSomethingElse)
          .map((other) =>
            printProblem(this.node.path, {
              prop: ["scope"],
              problem: `is a stack that declares ${other.node.path} too`,
              instead: "declare the commitment in a stack of its own, which nobody destroys",
            }),
          ),
    });
  }
}

/** What a stack of commitments has beside them is the API that they need. */
const BESIDE = ["google_compute_region_commitment", "google_project_service"];

function isSomethingElse(node: IConstruct): node is TerraformResource {
  return TerraformResource.isTerraformResource(node) && !BESIDE.includes(node.terraformResourceType);
}

function problems({ name, vcpus, memoryGb }: CommitmentProps): PropProblem[] {
  const found = [...problemAt(["name"], nameProblem(name)), ...wholeNumber(["vcpus"], vcpus, { from: 1 })];
  if (!(memoryGb > 0) || (memoryGb * MB_PER_GB) % MB_STEP !== 0)
    found.push({
      prop: ["memoryGb"],
      problem: `is ${memoryGb}`,
      instead: "give GB in quarters, as memory is sold by 256 MB",
    });
  return found;
}
