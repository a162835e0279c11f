import { problemsOfBuild } from "../../support/cloud-build";
import { base, project } from "./synthesized";

const { build } = base.resource("google_cloudbuild_trigger", "build");

interface Step {
  readonly id: string;
  readonly wait_for: readonly string[];
}
const steps: readonly Step[] = build.step;

/** Every step that has succeeded when this one starts. */
function before(id: string): Set<string> {
  const waits = steps.find((step) => step.id === id)?.wait_for ?? [];
  const named = waits.filter((each) => each !== "-");
  return new Set(named.flatMap((each) => [each, ...before(each)]));
}

test("is a build as Cloud Build's API has it", () => {
  expect(problemsOfBuild(build)).toEqual([]);
});

test.each([
  [
    "a step with a field that there is not",
    { step: [{ name: "golang", run: "go test" }] },
    /"run"' does not exist/,
  ],
  ["arguments that are no list", { step: [{ name: "golang", args: "test" }] }, /'string' is not assignable/],
  ["a timeout in seconds", { step: [], timeout: 600 }, /'number' is not assignable to type 'string'/],
])("that check finds %s", (_, wrong, message) => {
  expect(problemsOfBuild(wrong)).toEqual([expect.stringMatching(message)]);
});

test.each(["image-server", "image-engine", "frontend", "migrate", "deploy", "deploy-frontend"])(
  "%s waits for every test, and the linter",
  (id) =>
    expect([...before(id)]).toEqual(
      expect.arrayContaining(["test-server", "test-engine", "test-frontend", "lint"]),
    ),
);

test("what is deployed is pushed, and the database migrated before", () => {
  expect([...before("deploy")]).toEqual(expect.arrayContaining(["push-server", "push-engine", "migrate"]));
});

test("a failure ends the build", () => {
  for (const step of steps) expect(step).not.toHaveProperty("allow_failure");
});

test("no step is given a secret: the database's address is the migration job's", () => {
  expect(build).not.toHaveProperty("available_secrets");
  for (const step of steps) expect(step).not.toHaveProperty("secret_env");
});

test("the images of the steps are those of the configuration, by digest", () => {
  const images = Object.values(project.config.buildImages).map(
    ({ image, digest }) => `${image}@sha256:${digest}`,
  );
  const run = new Set(build.step.map(({ name }: { name: string }) => name));
  expect([...run].sort()).toEqual(images.sort());
});
