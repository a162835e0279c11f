import type { Project } from "../../lib/environments/system";
import { accountEmail } from "../google/acting";

/**
 * Deployer that whoever runs this has as an engineer, by the account of her credentials: as it she reads her own state and
 * what all engineers read. Undefined for everybody else, and beside an emulator.
 */
export async function ownDeployer({ declared }: Project): Promise<string | undefined> {
  const engineers = declared.flatMap(({ owner }) => (owner?.engineer.state === "active" ? [owner] : []));
  if (engineers.length === 0 || process.env["STORAGE_EMULATOR_HOST"]) return undefined;
  const email = await accountEmail();
  return engineers.find(({ engineer }) => engineer.email === email)?.names.deployerEmail;
}
