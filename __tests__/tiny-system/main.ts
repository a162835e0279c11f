import { synthesize } from "../../lib/environments/system";
import { tiny } from "./system";

export const system = tiny;

if (require.main === module) synthesize(system);
