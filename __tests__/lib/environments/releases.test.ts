import { releasesSchema, setRelease } from "../../../lib/environments/releases";
import { parseJson } from "../../../lib/input/read-json";

const schema = releasesSchema(["dev"], ["web"]);
const image = `sha256:${"a".repeat(64)}`;
const read = (release: unknown) =>
  parseJson(JSON.stringify({ dev: { web: release } }), "releases.json", schema).dev.web;

test("an image is enough, and traffic is by hash", () => {
  expect(read({ image })).toEqual({ image });
  const traffic = { stable: "3f2a91c0", canary: { revision: "b71c44de", percent: 10 } };
  expect(read({ image, traffic })).toEqual({ image, traffic });
});

test.each<[what: string, release: unknown, message: string]>([
  ["a tag", { image: "main" }, '"main" is not a digest: write sha256: and its 64 hexadecimal digits'],
  ["no image", {}, 'dev.web: the key "image" is missing'],
  [
    "the name of a revision",
    { image, traffic: { stable: "web-3f2a91c0" } },
    '"web-3f2a91c0" is not a revision\'s hash',
  ],
  [
    "more than all",
    { image, traffic: { stable: "3f2a91c0", canary: { revision: "b71c44de", percent: 101 } } },
    "percent",
  ],
  ["a key that it does not know", { image, tag: "main" }, "tag"],
])("refuses %s", (_, release, message) => {
  expect(() => read(release)).toThrow(message);
});

test("refuses an environment and a service that the system has not, and asks for those that it has", () => {
  const parse = (value: object) => () => parseJson(JSON.stringify(value), "releases.json", schema);
  expect(parse({ dev: { web: { image } }, prod: {} })).toThrow("prod");
  expect(parse({ dev: { web: { image }, worker: { image } } })).toThrow("worker");
  expect(parse({ dev: {} })).toThrow("web");
});

test("a change leaves everything else as it stands", () => {
  const text = `{\n  "$schema": "./releases.schema.json",\n  "dev": { "web": { "image": "old" } },\n  "prod":   {}\n}\n`;
  const changed = setRelease(text, "dev", "web", { image });
  expect(JSON.parse(changed)).toEqual({
    $schema: "./releases.schema.json",
    dev: { web: { image } },
    prod: {},
  });
  expect(changed).toContain('"prod":   {}\n}\n');
});
