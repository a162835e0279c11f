import { argument } from "../../../lib/core/terraform-json";
import { requires } from "./required";
import { at, list, type Rule, resources, rule } from "./rule";

const TRIGGER = "google_cloudbuild_trigger";

/** Accounts that Google makes, which every build of the project is without one of its own. */
const SHARED = /@cloudbuild\.gserviceaccount\.com$|-compute@developer\.gserviceaccount\.com$/;

export const BUILD_RULES: readonly Rule[] = [
  requires("builds-act-as-themselves", {
    title: "A build runs as an identity of its own",
    why: "The project's default account may do what any build of it needs, and whoever changes one of them may do all of that.",
    all: [
      {
        type: TRIGGER,
        path: "service_account",
        is: (account) => typeof account === "string" && account !== "" && !SHARED.test(account),
        write: "name a service account that does this build and nothing else",
      },
    ],
  }),
  rule("build-steps-are-pinned", {
    title: "A build runs images by digest, in steps that the stack declares",
    why: "A step acts as the build's identity: a tag that moves, or a file of the repository, would be somebody else's steps.",
    *find(program) {
      for (const block of resources(program, TRIGGER)) {
        const steps = list(argument(block.args, "build", "step"));
        const built = list(argument(block.args, "build", "images")).map(String);
        if (steps.length === 0)
          yield at(block, "has its steps in the repository: declare them in build, where they are reviewed");
        for (const step of steps) {
          const image = String(argument(step, "name"));
          if (!/@sha256:[0-9a-f]{64}$|^\$\{[^}]+\}$/.test(image) && !built.includes(image))
            yield at(
              block,
              `step ${argument(step, "id")} runs ${image}: name it by digest, or in images if the build makes it`,
            );
        }
      }
    },
  }),
  rule("builds-test-before-they-deploy", {
    title: "A build that deploys has tested before",
    why: "What nobody has tried is with everybody minutes after a push, and a build looks green all the same.",
    *find(program) {
      for (const block of resources(program, TRIGGER)) {
        const steps = list(argument(block.args, "build", "step"));
        for (const [index, step] of steps.entries())
          if (deploys(step) && ![...before(steps, index)].some((each) => tests(steps[each])))
            yield at(
              block,
              `step ${argument(step, "id") ?? index + 1} deploys what no step has tested: make it wait for one that does, and may not fail`,
            );
      }
    },
  }),
];

/** Commands that change what runs. */
const DEPLOYS =
  /\b(run|functions|app) deploy\b|\brun (services|jobs) (update|replace)\b|\bkubectl (apply|set)\b|\bhelm (install|upgrade)\b/;

function deploys(step: unknown): boolean {
  return /^(deploy|release)\b/.test(String(argument(step, "id"))) || DEPLOYS.test(commandOf(step));
}

function tests(step: unknown): boolean {
  if (argument(step, "allow_failure") === true) return false;
  return /\btests?\b/.test(`${argument(step, "id")} ${commandOf(step)}`);
}

function commandOf(step: unknown): string {
  const [entrypoint = "", script = ""] = ["entrypoint", "script"].map((name) => argument(step, name));
  return [entrypoint, ...list(argument(step, "args")), script].join(" ");
}

/** The steps, by index, that have succeeded when one starts: those that it waits for, and all before it where it names none. */
function before(steps: readonly unknown[], index: number): Set<number> {
  const waits = list(argument(steps[index], "wait_for")).map(String);
  if (waits.length === 0) return new Set(steps.slice(0, index).keys());
  const named = waits.map((id) => steps.findIndex((step) => argument(step, "id") === id));
  return new Set(
    named.filter((each) => each >= 0 && each < index).flatMap((each) => [each, ...before(steps, each)]),
  );
}
