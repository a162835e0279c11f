import { type Command, Option } from "commander";
import { readProject } from "../../stacks/plue/config/project";
import { declaredStacks } from "../../stacks/plue/declared-stacks";
import { githubIdentities } from "../../stacks/plue/github-identities";
import { engineerNames } from "../../stacks/plue/registry/engineer-names";
import { CliError, EXIT } from "../command-line/errors";
import { examples } from "../command-line/output";
import { findStack, type NamedStack, step } from "./step";

/** Registers `plue ci stacks`. */
export function registerStacks(ci: Command): void {
  const command = ci
    .command("stacks")
    .description("the stacks that the platform team and CI answer for, which are all but the engineers' own")
    .option("--matrix", "print a GitHub matrix, on one line");
  examples(command, { 'echo "matrix=$(npx plue ci stacks --matrix)" >> "$GITHUB_OUTPUT"': "" });
  step(command, ({ matrix }: { matrix?: boolean }) => {
    const stacks = declaredStacks(readProject()).filter(({ engineer }) => !engineer);
    const names = stacks.map(({ stack }) => stack);
    const include = names.map((stack) => ({ stack }));
    process.stdout.write(`${matrix ? JSON.stringify({ include }) : names.join("\n")}\n`);
  });
}

/** Registers `plue ci identity`. */
export function registerIdentity(ci: Command): void {
  const command = ci
    .command("identity")
    .description("who a workflow becomes to plan or apply a stack, as outputs of a step")
    .argument("<stack>")
    .addOption(
      new Option("--for <what>", "what is to be done").choices(["plan", "apply"]).makeOptionMandatory(),
    );
  examples(command, { 'npx plue ci identity production-app --for apply >> "$GITHUB_OUTPUT"': "" });
  step(command, (name: string, options: { for: "plan" | "apply" }) => {
    const stack = findStack(name);
    const { provider } = githubIdentities(stack.project.config)[stack.environment];
    const lines = [
      `provider=${provider}`,
      `service_account=${serviceAccount(stack, options.for)}`,
      `url=${url(stack)}`,
      `application=${stack.project.config.applicationRepository ?? ""}`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  });
}

function serviceAccount(
  { stack, environment, engineer, project }: NamedStack,
  purpose: "plan" | "apply",
): string {
  const { plan, apply } = githubIdentities(project.config)[environment];
  if (purpose === "plan") return plan;
  if (engineer) return engineerNames(engineer.name, project.config.staging.projectId).deployerEmail;
  if (stack.endsWith("-bootstrap"))
    throw new CliError(`${stack} is what makes the identities of CI: only people deploy it`, EXIT.refused);
  return apply;
}

/** Where the stack's release answers; empty for one without. */
function url({ stack, engineer, project: { config } }: NamedStack): string {
  if (engineer)
    return `https://${engineerNames(engineer.name, config.staging.projectId).hostLabel}.${config.staging.domain}`;
  return stack === "production-app" ? `https://${config.production.domain}` : "";
}
