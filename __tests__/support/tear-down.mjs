import { rmSync } from "node:fs";
import { dirname } from "node:path";

/** After all test files: what they left, too. */
export default function tearDown() {
  rmSync(dirname(process.env.PLUE_SHARED), { recursive: true, force: true });
}
