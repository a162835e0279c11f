import { rmSync } from "node:fs";

/** After all test files. */
export default function tearDown() {
  rmSync(process.env.PLUE_SHARED, { recursive: true, force: true });
}
