import { synthesize } from "./lib/environments/system";
import { plue } from "./stacks/plue";

/** What the app command and the command line start in this folder. */
export const system = plue;

// As CDKTF's own template starts it: npx ts-node main.ts
if (require.main === module) synthesize(system);
