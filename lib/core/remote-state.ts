import { DataTerraformRemoteStateGcs } from "cdktf";
import { Construct } from "constructs";
import { expression } from "./expression";

export interface RemoteStateProps {
  /** Stack whose outputs to read, which is the prefix of its state: `staging-base`. */
  readonly stack: string;
  /** GCS bucket with that stack's state. */
  readonly stateBucket: string;
  /** E-mail of a service account that reads it. @default who runs Terraform */
  readonly impersonate?: string;
}

/**
 * Outputs of another stack, read from its state in GCS (`terraform_remote_state`): nothing else of that stack has to be
 * known, and no stack depends on another at synthesis. Reading needs `storage.objects.get` on the other stack's state.
 *
 * Where an output is not there, planning ends with a message that names it and the stack to deploy, instead of
 * Terraform's "Unsupported attribute". The gcs backend writes an empty state where there is none, which who may only read
 * cannot: `plue bootstrap` has written it before.
 *
 * @typeParam Name names of the outputs that the stack has
 * @see https://developer.hashicorp.com/terraform/language/state/remote-state-data
 * @example
 * ```ts
 * const base = new RemoteState<"cluster_name">(stack, "base", {
 *   stack: "acme-base",
 *   stateBucket: "acme-terraform-state",
 * });
 * stack.output("cluster", { value: base.get("cluster_name") });
 * ```
 */
export class RemoteState<Name extends string = string> extends Construct {
  private readonly state: DataTerraformRemoteStateGcs;
  private readonly stack: string;
  private readonly used = new Set<Name>();

  constructor(scope: Construct, id: string, props: RemoteStateProps) {
    super(scope, id);
    this.stack = props.stack;
    this.state = new DataTerraformRemoteStateGcs(this, "Resource", {
      bucket: props.stateBucket,
      prefix: props.stack,
      impersonateServiceAccount: props.impersonate,
    });
  }

  /** A reference to an output, as a string. */
  get(name: Name): string {
    this.used.add(name);
    this.state.addOverride("lifecycle.postcondition", [this.postcondition([...this.used].sort())]);
    return this.state.getString(name);
  }

  private postcondition(names: readonly Name[]) {
    const missing = expression`setsubtract(${names}, keys(self.outputs))`;
    return {
      condition: expression`length(${missing}) == 0`,
      error_message:
        `${this.stack} is not deployed yet, or by an older version that has no output ` +
        `${expression`join(", ", ${missing})`}: deploy ${this.stack} first (npx cdktf deploy ${this.stack}).`,
    };
  }
}
