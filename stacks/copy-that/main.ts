import { synthesize } from "../../lib/environments/system";
import { copyThat } from "./index";

/** What the app command and the command line start in this folder. */
export const system = copyThat;

if (require.main === module) synthesize(system);
