import type { Command } from "commander";
import type { Engineer, EngineerNames } from "../../lib/environments/registry";
import type { DeclaredStack } from "../../lib/environments/system";
import { emit, examples, type JsonOption, table, withJson } from "../command-line/output";
import { readProject } from "../command-line/project";
import { find, readRegistry } from "./registry";

/** Registers `plue engineers list`. */
export function registerList(engineers: Command): void {
  const command = engineers.command("list").description("list them, in the order of the file");
  examples(withJson(command), { "npx plue engineers list --json | jq -r '.[].email'": "" });
  command.action((options: JsonOption) => {
    const { file, registry } = readRegistry();
    emit(options, registry.engineers, () =>
      registry.engineers.length
        ? table([
            ["NAME", "E-MAIL", "STATE", "IMAGE TAG", "READERS"],
            ...registry.engineers.map(({ name, email, state, imageTag, readers }) => [
              name,
              email,
              state,
              imageTag,
              readers.join(", "),
            ]),
          ])
        : `${file} lists nobody.`,
    );
  });
}

/** Registers `plue engineers show`. */
export function registerShow(engineers: Command): void {
  const command = engineers
    .command("show")
    .description("show an entry, and what is called after its engineer")
    .argument("<name>");
  examples(withJson(command), { "npx plue engineers show alice": "" });
  command.action((name: string, options: JsonOption) => {
    const project = readProject();
    const engineer = find(readRegistry(), name);
    const { owner, url } = project.declared.find((one) => one.owner?.engineer.name === name) as DeclaredStack;
    const names = owner?.names as EngineerNames;
    emit(options, { ...engineer, url, names }, () => showText(engineer, names, url as string));
  });
}

function showText(engineer: Engineer, names: EngineerNames, url: string): string {
  const { cpu, memory, pods, storage } = engineer.quota ?? {};
  const quota = Object.entries({ cpu, memory, pods, storage }).filter(([, value]) => value !== undefined);
  const lines = {
    name: engineer.name,
    "e-mail": engineer.email,
    github: engineer.github ? `${engineer.github} (${engineer.githubId})` : "none: no push deploys",
    state: engineer.state,
    "image tag": engineer.imageTag,
    readers: engineer.readers.join(", ") || "nobody",
    quota: quota.map(([key, value]) => `${key} ${value}`).join(", ") || "the usual",
    url,
    stack: names.stack,
    namespace: names.namespace,
    database: names.database,
    deployer: names.deployerEmail,
    "runs as": names.runtimeEmail,
  };
  return table(Object.entries(lines), { head: false });
}
