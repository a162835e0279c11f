import type { Command } from "commander";
import { setState } from "../../lib/environments/registry-edit";
import { examples, step, tell } from "../command-line/output";
import { find, namesOf, openRegistry } from "./registry";

/** Registers `plue engineers offboard`. */
export function registerOffboard(engineers: Command): void {
  const command = engineers
    .command("offboard")
    .description(
      "first step when somebody leaves: takes her right to deploy and the protections of her stack off",
    )
    .argument("<name>")
    .action(offboard);
  examples(command, { "npx plue engineers offboard carol": "then destroy her stack, then remove her" });
}

function offboard(name: string): void {
  const file = openRegistry();
  const { stack, deployerEmail } = namesOf(name);
  const { email, state } = find(file, name);
  if (state === "offboarding") tell(`${name} is offboarding already.`);
  else {
    tell(`Setting "state": "offboarding" for ${name} in ${file.file}.`);
    file.replace(setState(file.text, name, "offboarding"));
  }
  const reads = file.registry.engineers.filter(({ readers }) => readers.includes(email));
  if (reads.length > 0)
    tell(
      `${email} also reads the environment of ${reads.map((other) => other.name).join(", ")}: take the address out of "readers" there in ${file.file}, too.`,
    );
  tell(
    [
      "Next:",
      `  git commit ${file.file} -m "Offboard ${name}", and open a pull request; once it is merged, the platform team runs`,
      "  npx plue deploy staging-access",
      step(
        `npx cdktf destroy ${stack}`,
        `logged in as yourself: the stack acts as ${deployerEmail} and as nobody else`,
      ),
      `  npx plue engineers remove ${name}`,
    ].join("\n"),
  );
}
