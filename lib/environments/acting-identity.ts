import { TerraformVariable } from "cdktf";
import { expression } from "../core/expression";
import type { Stack } from "../core/stack";
import { ACTING_AS } from "./registry";

/** Service accounts that an engineer's stack may act as, by e-mail. */
export interface ActingIdentities {
  /** The stack's deployer, which its backend acts as in any case. */
  readonly deployer: string;
  /** Who may only read: plans in pull requests. */
  readonly planner: string;
}

/**
 * Declares whom an engineer's stack acts as: its deployer, or for a plan who may only read, and nobody else, whoever runs
 * Terraform. Her own credentials do no more than ask for that account's tokens.
 *
 * An engineer writes her state and, in her namespace, Helm's records; what they say is done to the cluster, or undone, as
 * whoever works on the stack: hooks are run, and what a record lists is deleted. So that is never somebody who may do more
 * than she.
 *
 * @returns a reference to the e-mail, for the providers and for reading other stacks' states
 */
export function actingIdentity(stack: Stack, { deployer, planner }: ActingIdentities): string {
  return new TerraformVariable(stack, ACTING_AS, {
    type: "string",
    description: "Service account that this stack acts as: its deployer, or who plans it",
    default: deployer,
    nullable: false,
    validation: [
      {
        condition: expression`contains(${[deployer, planner]}, var.acting_as)`,
        errorMessage: `This stack is deployed and destroyed by ${deployer} and planned by ${planner}, and acts as nobody else: what an engineer wrote into it would be done with that account's rights.`,
      },
    ],
  }).stringValue;
}
