import { ref, TerraformElement, Token } from "cdktf";
import type { Construct } from "constructs";

/**
 * Terraform `ephemeral` block: a value that exists only during one run and is written neither to state nor to
 * the plan. CDKTF has no class for it.
 *
 * Its result is another one in every run, so it may only feed write-only arguments (`password_wo`,
 * `secret_data_wo`), which Terraform sends when their version number changes and not otherwise.
 *
 * @see https://developer.hashicorp.com/terraform/language/block/ephemeral
 * @example
 * ```ts
 * import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
 * const password = new EphemeralResource(stack, "password", "random_password", { length: 32 });
 * new SqlUser(stack, "user", {
 *   instance: "acme-prod",
 *   name: "admin",
 *   passwordWo: password.attribute("result"),
 *   passwordWoVersion: 1,
 * });
 * ```
 */
export class EphemeralResource extends TerraformElement {
  /**
   * @param type ephemeral resource type, for instance `random_password`
   * @param config its arguments, in Terraform's spelling
   */
  constructor(
    scope: Construct,
    id: string,
    readonly type: string,
    private readonly config: Record<string, unknown>,
  ) {
    super(scope, id, `ephemeral.${type}`);
  }

  /** Reference to one of its attributes. */
  attribute(name: string): string {
    return Token.asString(ref(`ephemeral.${this.type}.${this.friendlyUniqueId}.${name}`, this.cdktfStack));
  }

  override toTerraform(): object {
    return {
      ephemeral: { [this.type]: { [this.friendlyUniqueId]: { ...this.config, ...this.constructMetadata } } },
    };
  }

  private get constructMetadata() {
    return { "//": this.constructNodeMetadata };
  }
}
