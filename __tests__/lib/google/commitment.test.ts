import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { Stack } from "../../../lib/core/stack";
import { Commitment, type CommitmentProps } from "../../../lib/google/commitment";
import { ProjectServices } from "../../../lib/google/project-services";
import { synthesize } from "../../support/synth";

const PROPS: CommitmentProps = {
  projectId: "p",
  region: "us-central1",
  name: "cud",
  type: "GENERAL_PURPOSE_N2",
  months: 12,
  vcpus: 60,
  memoryGb: 240,
};
const made = (changes: Partial<CommitmentProps> = {}, beside: (stack: Stack) => void = () => undefined) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google");
    beside(stack);
    const { commitmentId } = new Commitment(stack, "cud", { ...PROPS, ...changes });
    stack.output("id", { value: commitmentId });
  });
const commitment = (changes: Partial<CommitmentProps> = {}) =>
  made(changes).resource("google_compute_region_commitment", "cud");

describe("Commitment", () => {
  test("buys vCPUs and memory, in MB, and Terraform refuses to destroy or replace it", () => {
    expect(commitment()).toEqual({
      project: "p",
      region: "us-central1",
      name: "cud",
      category: "MACHINE",
      type: "GENERAL_PURPOSE_N2",
      plan: "TWELVE_MONTH",
      auto_renew: false,
      resources: [
        { type: "VCPU", amount: "60" },
        { type: "MEMORY", amount: "245760" },
      ],
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is for three years, and renewed, where it says so", () => {
    expect(commitment({ months: 36, autoRenew: true, description: "Nodes" })).toMatchObject({
      plan: "THIRTY_SIX_MONTH",
      auto_renew: true,
      description: "Nodes",
    });
  });

  test("buys memory in quarters of a GB", () => {
    expect(commitment({ memoryGb: 0.25 })["resources"][1]).toEqual({ type: "MEMORY", amount: "256" });
  });

  test("tells its id", () => {
    expect(made().outputs["id"]?.["value"]).toBe("${google_compute_region_commitment.cud.commitment_id}");
  });

  test("has a stack with other commitments and the API", () => {
    const beside = (stack: Stack) => {
      new ProjectServices(stack, "services", { projectId: "p", services: ["compute.googleapis.com"] });
      new Commitment(stack, "more", { ...PROPS, name: "more" });
    };
    expect(() => made({}, beside)).not.toThrow();
  });

  test("refuses a stack with anything else", () => {
    const beside = (stack: Stack) => void new ComputeNetwork(stack, "network", { name: "n" });
    expect(() => made({}, beside)).toThrow(
      "test/cud: scope: is a stack that declares test/network too: declare the commitment in a stack of its own, which nobody destroys",
    );
  });
});
