import type { Command } from "commander";
import { CliError, EXIT } from "../command-line/errors";
import { emit, examples, type JsonOption, table, withJson } from "../command-line/output";
import { readProject } from "../command-line/project";

/** An environment, as Google's console is asked about it: an engineer's, or all of a project. */
interface Place {
  readonly projectId: string;
  /** Namespace of its pods. @default all of the project's */
  readonly namespace?: string;
  /** Where it answers. */
  readonly url?: string;
}

const CONSOLE = "https://console.cloud.google.com";

/** Registers `plue logs`. */
export function registerLogs(program: Command): void {
  const command = program
    .command("logs")
    .description("the address of an environment's logs in the console, and the command that reads them here")
    .argument("<name>", "an engineer's, or an environment such as production")
    .option("--errors", "those of severity ERROR and above");
  examples(withJson(command), { "npx plue logs alice --errors": "", "npx plue logs production": "" });
  command.action((name: string, options: JsonOption & { errors?: boolean }) => {
    const place = placeOf(name);
    const filter = logFilter(place, options.errors);
    const read = `gcloud logging read '${filter}' --project=${place.projectId} --freshness=1h --limit=50`;
    const found = { url: logsUrl(place, filter), filter, command: read };
    emit(options, found, () => `${found.url}\n${found.command}`);
  });
}

/** Registers `plue open`. */
export function registerOpen(program: Command): void {
  const command = program
    .command("open")
    .description("the addresses of an environment: itself, its logs, traces and dashboards in the console")
    .argument("<name>", "an engineer's, or an environment such as production");
  examples(withJson(command), {
    "npx plue open alice": "",
    "npx plue open alice --json | jq -r .logs": "",
  });
  command.action((name: string, options: JsonOption) => {
    const place = placeOf(name);
    const { projectId, url } = place;
    const links = {
      ...(url && { environment: url }),
      logs: logsUrl(place, logFilter(place)),
      errors: logsUrl(place, logFilter(place, true)),
      traces: `${CONSOLE}/traces/explorer?project=${projectId}`,
      dashboards: `${CONSOLE}/monitoring/dashboards?project=${projectId}`,
      alerts: `${CONSOLE}/monitoring/alerting?project=${projectId}`,
    };
    emit(options, links, () => table(Object.entries(links), { head: false }));
  });
}

/** @throws {CliError} with what there is instead, where the name is neither an engineer's nor an environment's */
function placeOf(name: string): Place {
  const { declared, environments } = readProject();
  const stack = declared.find(({ owner }) => owner?.engineer.name === name);
  const environment = environments[stack?.environment ?? name];
  if (!environment)
    throw new CliError(
      `No engineer and no environment is called ${name}. Environments: ${Object.keys(environments).join(", ")}; npx plue engineers list says the engineers.`,
      EXIT.usage,
    );
  const url = stack?.url ?? declared.find((one) => one.environment === name && !one.owner && one.url)?.url;
  return { projectId: environment.projectId, namespace: stack?.owner?.names.namespace, url };
}

function logFilter({ namespace }: Place, errors = false): string {
  return [
    'resource.type="k8s_container"',
    ...(namespace ? [`resource.labels.namespace_name="${namespace}"`] : []),
    ...(errors ? ["severity>=ERROR"] : []),
  ].join(" AND ");
}

function logsUrl({ projectId }: Place, filter: string): string {
  return `${CONSOLE}/logs/query;query=${encodeURIComponent(filter)}?project=${projectId}`;
}
