import { synthesize } from "../../lib/environments/system";
import { orchestra } from "./index";

/** What the app command and the command line start in this folder. */
export const system = orchestra;

if (require.main === module) synthesize(system);
