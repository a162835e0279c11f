// What is looked at before anything else, with what Node 14 reads already: an older Node and missing packages would each end in
// a stack trace of some other script. The first import of what people start.
import fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { engines, dependencies } = JSON.parse(fs.readFileSync(join(root, "package.json"), "utf8"));

const oldest = engines.node.replace(">=", "");
if (isOlder(process.versions.node, oldest))
  refuse(
    `This is Node ${process.versions.node}, and ${oldest} is the oldest that will do: nvm install 20, or https://nodejs.org`,
  );
// With these two every command begins.
const missing = [...Object.keys(dependencies), "esbuild", "typescript"].filter(
  (name) => !fs.existsSync(join(root, "node_modules", name, "package.json")),
);
if (missing.length > 0) {
  const rest = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
  refuse(`Packages are not installed (${missing.slice(0, 3).join(", ")}${rest}): run npm ci in ${root}`);
}

function isOlder(version, wanted) {
  const [have, want] = [version, wanted].map((text) => text.split(".").map(Number));
  const at = want.findIndex((part, index) => part !== have[index]);
  return at >= 0 && have[at] < want[at];
}

function refuse(message) {
  console.error(message);
  process.exit(1);
}
