import { synthesize } from "../../lib/environments/system";
import { octollm } from "./index";

/** What the app command and the command line start in this folder. */
export const system = octollm;

if (require.main === module) synthesize(system);
