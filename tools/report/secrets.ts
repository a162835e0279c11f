import { argument, type Block, blocksOf, type Stacks } from "../../lib/core/terraform-json";

/** A secret, by name: no value of any is in Terraform's files. */
export interface SecretEntry {
  readonly stack: string;
  readonly name: string;
  /** Terraform writes it once, by a write-only argument; otherwise people fill it in. */
  readonly writtenByTerraform: boolean;
  /** Who may read it: members of IAM, where Terraform computes one by the address that it comes from. */
  readonly readers: readonly string[];
}

/** The secrets that the stacks declare, with who reads them in any stack. */
export function secretsOf(stacks: Stacks): SecretEntry[] {
  const blocks = [...stacks].flatMap(([stack, json]) => blocksOf(json).map((block) => ({ stack, block })));
  const secrets = blocks.filter(({ block }) => block.type === "google_secret_manager_secret");
  return secrets.map(({ stack, block }) => {
    const isMeant = (other: { stack: string; block: Block }) => refersTo(other, { stack, block });
    const of = (type: string) => blocks.filter((other) => other.block.type === type && isMeant(other));
    return {
      stack,
      name: String(block.args["secret_id"]),
      writtenByTerraform: of("google_secret_manager_secret_version").length > 0,
      readers: of("google_secret_manager_secret_iam_member").map((member) => memberName(member.block)),
    };
  });
}

interface Placed {
  readonly stack: string;
  readonly block: Block;
}

/** By reference within a stack; by project and name from another one. */
function refersTo({ stack, block }: Placed, secret: Placed): boolean {
  const named = String(block.args["secret_id"] ?? block.args["secret"] ?? "");
  if (named.includes("${")) return stack === secret.stack && named.includes(`\${${secret.block.address}.`);
  return (
    named === secret.block.args["secret_id"] &&
    argument(block.args, "project") === argument(secret.block.args, "project")
  );
}

function memberName({ args }: Block): string {
  return String(args["member"])
    .replace(/^serviceAccount:/, "")
    .replace(/\$\{([^.}]+\.[^.}]+)[^}]*\}/g, "$1");
}
