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
];
