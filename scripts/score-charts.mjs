// Runs kube-score over rendered manifests and fails on what policy/chart-waivers.yaml does not explain, and on a waiver
// that explains nothing. usage: score-charts.mjs <kube-score> <folder of manifests>
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const [, , kubeScore, folder] = process.argv;
const waivers = parse(readFileSync("policy/chart-waivers.yaml", "utf8")).map((waiver) => ({
  ...waiver,
  used: 0,
}));
// What the stacks pass, and its variants in tests: with the charts' placeholders alone, images have no digest.
const files = readdirSync(folder, { recursive: true }).filter((file) =>
  /^(?!plue-example).*\/[^/]+\.yaml$/.test(file),
);
let objects = 0;
const unexplained = new Set();

for (const file of files) {
  // One release a file: policies and pods of others would match.
  const args = ["score", "--kubernetes-version", "v1.34", "--output-format", "json", join(folder, file)];
  const { stdout, stderr, error } = spawnSync(kubeScore, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (error || !stdout) throw new Error(`${file}: ${error?.message ?? stderr}`);
  for (const { object_name: id, type_meta: type, object_meta: meta, checks } of JSON.parse(stdout) ?? []) {
    objects++;
    const object = `${type.kind}/${meta.name}`;
    for (const { check, grade, skipped, comments } of checks) {
      if (skipped || grade > 5) continue;
      const waiver = waivers.find((each) => each.check === check.id && matches(each.object, object));
      if (waiver) waiver.used++;
      else
        unexplained.add(
          `${object}: ${check.id}: ${(comments ?? []).map(({ summary }) => summary).join("; ") || id}`,
        );
    }
  }
}

for (const finding of [...unexplained].sort()) console.error(finding);
const useless = waivers.filter(({ used }) => used === 0);
for (const { check, object } of useless)
  console.error(`policy/chart-waivers.yaml: nothing needs ${check} of ${object}`);
console.log(
  `kube-score: ${objects} objects of ${files.length} files, ${unexplained.size} unexplained, ${waivers.length} waivers`,
);
process.exit(objects === 0 || unexplained.size + useless.length > 0 ? 1 : 0);

function matches(pattern, object) {
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(object);
}
