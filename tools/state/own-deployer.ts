import type { Project } from "../../lib/environments/system";
import { accountEmail } from "../google/acting";

/**
 * Deployer that whoever runs this has as an engineer, by the account of her credentials: as it she reads her own state and
 * what all engineers read. Undefined for everybody else, and beside an emulator.
 */
export async function ownDeployer({ declared, environments }: Project): Promise<string | undefined> {
  const engineers = declared.filter(({ owner }) => owner?.engineer.state === "active");
  const [first] = engineers;
  if (!first || process.env["STORAGE_EMULATOR_HOST"]) return undefined;
  const email = await accountEmail(environments[first.environment]?.projectId ?? "");
  return engineers.find(({ owner }) => owner?.engineer.email === email)?.owner?.names.deployerEmail;
}
