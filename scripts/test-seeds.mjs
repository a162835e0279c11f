// Runs the tests that hold properties on a seed of its own, and says it: npm test has the same seed each time.
//   npm run test:seeds               a fresh seed
//   npm run test:seeds -- -12345     the run that had this one, again
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [given, ...rest] = process.argv.slice(2);
if (rest.length > 0 || (given !== undefined && !/^-?\d{1,10}$/.test(given))) {
  console.error(
    `npm run test:seeds takes one whole number, the seed, or nothing, and not ${[given, ...rest].join(" ")}`,
  );
  process.exit(2);
}
const seed = given ?? String(randomInt(-(2 ** 31), 2 ** 31));

const jest = [
  "node_modules/jest/bin/jest.js",
  "--silent",
  "--findRelatedTests",
  "__tests__/support/properties.ts",
];
console.error(`Properties on the seed ${seed} …`);
const { status } = spawnSync(process.execPath, jest, {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PROPERTY_SEED: seed },
});
if (status !== 0) console.error(`\nAgain with the same values: npm run test:seeds -- ${seed}`);
process.exit(status ?? 1);
