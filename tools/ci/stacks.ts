import { type Command, Option } from "commander";
import { CliError, EXIT } from "../command-line/errors";
import { examples } from "../command-line/output";
import { readProject } from "../command-line/project";
import { findStack, type NamedStack, type Purpose } from "./step";

/** Registers `plue ci stacks`. */
export function registerStacks(ci: Command): void {
  const command = ci
    .command("stacks")
    .description("the stacks that the platform team and CI answer for, which are all but the engineers' own")
    .option("--matrix", "print a GitHub matrix, on one line");
  examples(command, { 'echo "matrix=$(npx plue ci stacks --matrix)" >> "$GITHUB_OUTPUT"': "" });
  command.action(({ matrix }: { matrix?: boolean }) => {
    const stacks = readProject().declared.filter(({ owner }) => !owner);
    const names = stacks.map(({ stack }) => stack);
    const include = names.map((stack) => ({ stack }));
    process.stdout.write(`${matrix ? JSON.stringify({ include }) : names.join("\n")}\n`);
  });
}

/** Registers `plue ci identity`. */
export function registerIdentity(ci: Command): void {
  const command = ci
    .command("identity")
    .description("who a workflow becomes to plan or apply a stack, or to report drift, as outputs of a step")
    .argument("<stack>")
    .addOption(
      new Option("--for <what>", "what is to be done")
        .choices(["plan", "apply", "report"])
        .makeOptionMandatory(),
    );
  examples(command, { 'npx plue ci identity production-app --for apply >> "$GITHUB_OUTPUT"': "" });
  command.action((name: string, options: { for: Purpose | "report" }) => {
    const stack = findStack(name);
    const { identities, url = "", project } = stack;
    const lines = [
      `provider=${identities.provider}`,
      `service_account=${serviceAccount(stack, options.for)}`,
      `url=${url}`,
      `application=${project.applicationRepository ?? ""}`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  });
}

function serviceAccount({ stack, owner, identities }: NamedStack, purpose: Purpose | "report"): string {
  // The stack itself acts as that account, and needs a token that may only ask for its tokens.
  if (owner && purpose !== "report") return "";
  const account = identities[purpose];
  if (account) return account;
  const why =
    purpose === "report"
      ? "is in a project to which no drift is reported"
      : "is what makes the identities of CI: only people deploy it";
  throw new CliError(`${stack} ${why}`, EXIT.refused);
}
