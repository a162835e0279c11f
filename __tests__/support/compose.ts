import { spawnSync } from "node:child_process";
import { testUnless } from "./needs";

/** `docker compose`, or compose by itself under its old name. */
const commands = [["docker", "compose"], ["docker-compose"]] as const;
const found = commands.find(([command, ...args]) => spawnSync(command, [...args, "version"]).status === 0);

/** `test`, or a skipped one where there is no compose. Neither needs a docker daemon. */
export const testWithCompose = testUnless(found ? [] : ["docker-compose"]);

export interface ComposeService {
  readonly image?: string;
  readonly environment: Record<string, string>;
  readonly ports: readonly {
    readonly host_ip: string;
    readonly published: string;
    readonly target: number;
  }[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly volumes: readonly {
    readonly source: string;
    readonly target: string;
    readonly bind?: { readonly create_host_path?: boolean };
  }[];
}

/** What compose makes of a file: its services. Throws with its message where the file is not valid. */
export function composeServices(
  folder: string,
  args: readonly string[],
  environment: Record<string, string>,
): Record<string, ComposeService> {
  const [command = "", ...first] = found ?? [];
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args, "config", "--format", "json"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout).services;
}
