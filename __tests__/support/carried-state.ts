import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { offlineModule, offlineMove, type ParsedModule, wantedAttributes } from "./offline-terraform";
import { terraform } from "./terraform";

/** A root module whose state another one takes over. */
export interface Takeover {
  readonly before: ParsedModule;
  readonly after: ParsedModule;
  /** The modules that it calls, by name of their folder. */
  readonly modules: ReadonlyMap<string, ParsedModule>;
  /** What `terraform.tfvars` says. */
  readonly values: string;
  /** Where each instance is that has another address now, by that before. */
  readonly moves: ReadonlyMap<string, string>;
  /** Folder with `charts/`, which both read files of. */
  readonly charts: string;
}

/** What Terraform would do. */
export interface Plan {
  readonly resources: readonly Change[];
  readonly outputs: readonly Change[];
}

export interface Change {
  readonly address: string;
  /** Before a move. */
  readonly previous?: string;
  readonly actions: string;
}

/**
 * Applies the module as it was, without providers, and plans the other on that state: by the real Terraform.
 * @param folder an empty one, to work in
 */
export function planTakeover(folder: string, takeover: Takeover): Plan {
  const { before, after, modules, values, moves, charts } = takeover;
  const wanted = wantedAttributes([before, after, ...modules.values()]);
  const environment = join(folder, "environments", "environment");
  mkdirSync(environment, { recursive: true });
  cpSync(join(charts, "charts"), join(folder, "charts"), { recursive: true });
  const main = join(environment, "main.tf");
  writeFileSync(main, offlineModule(before, { wanted }));
  // No module, and no provider that Terraform does not bring: there is nothing to initialize.
  run("apply", "-auto-approve", "-refresh=false");

  const names = new Map<string, Map<string, string>>();
  for (const [from, to] of moves) {
    const [, call = "", inside = ""] = /^module\.([\w-]+)\.(.*)$/s.exec(to) ?? [];
    names.set(call, new Map([...(names.get(call) ?? []), [inside, from]]));
  }
  for (const [name, module] of modules) {
    mkdirSync(join(folder, "modules", name), { recursive: true });
    writeFileSync(join(folder, "modules", name, "main.tf"), offlineModule(module, { wanted, called: true }));
  }
  writeFileSync(main, offlineModule(after, { wanted, names }));
  writeFileSync(join(environment, "terraform.tfvars"), values);
  const moved = [...moves].map(([from, to]) => offlineMove(from, to));
  writeFileSync(join(environment, "moved.tf"), moved.join("\n"));
  run("init");
  run("plan", "-refresh=false", "-out=plan");
  const plan = JSON.parse(run("show", "-json", "plan"));
  rmSync(folder, { recursive: true });
  return {
    resources: changes(plan.resource_changes ?? []),
    outputs: changes(
      Object.entries<object>(plan.output_changes ?? {}).map(([address, change]) => ({ address, change })),
    ),
  };

  function run(command: string, ...options: string[]): string {
    const { status, stdout, stderr } = terraform(environment, command, ...options);
    if (status !== 0) throw new Error(`terraform ${command}: ${stderr || stdout}`);
    return stdout;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: Terraform's plan format
function changes(list: readonly any[]): Change[] {
  return list.map(({ address, previous_address: previous, change }) => ({
    address,
    ...(previous && { previous }),
    actions: change.actions.join(" "),
  }));
}
