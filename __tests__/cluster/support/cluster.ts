import { spawn, spawnSync } from "node:child_process";

/** Kubernetes objects have no one shape; a test that reads a wrong path fails by itself. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type KubernetesObject = Record<string, any>;

export interface Answer {
  readonly ok: boolean;
  /** What the server or the tool said: standard output if it went well, standard error if not. */
  readonly text: string;
}

/** Runs a program to its end, with input for its standard input. */
export function attempt(command: string, args: readonly string[], input?: string): Answer {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
    env: toolEnvironment(),
  });
  if (error) throw new Error(`${command} cannot be run: ${error.message}`);
  return { ok: status === 0, text: status === 0 ? stdout : stderr };
}

/** As `attempt`, in the background. */
export function attemptLater(command: string, args: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: toolEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ ok: status === 0, text: status === 0 ? stdout : stderr }));
  });
}

/** As the Helm provider of the stacks is told to. */
function toolEnvironment() {
  return { ...process.env, HELM_DRIVER: "configmap" };
}

/** Fails with what was said, unless it went well. */
export function succeed(answer: Answer): string {
  if (!answer.ok) throw new Error(answer.text.trim());
  return answer.text;
}

/** The cluster, as seen by one user. */
export class Client {
  /** @param user whom to impersonate; by default whoever KUBECONFIG says, an administrator */
  constructor(readonly user?: string) {}

  try(args: readonly string[], input?: string): Answer {
    return attempt("kubectl", [...args, ...(this.user ? ["--as", this.user] : [])], input);
  }

  run(args: readonly string[], input?: string): string {
    return succeed(this.try(args, input));
  }

  tryCreate(object: KubernetesObject): Answer {
    return this.try(["create", "-f", "-"], JSON.stringify(object));
  }

  create(object: KubernetesObject): void {
    succeed(this.tryCreate(object));
  }

  apply(objects: readonly KubernetesObject[], ...args: string[]): void {
    if (objects.length === 0) return;
    const list = { apiVersion: "v1", kind: "List", items: objects };
    this.run(["apply", "-f", "-", ...args], JSON.stringify(list));
  }

  get(kind: string, name: string, namespace?: string): KubernetesObject {
    return JSON.parse(this.run(["get", kind, name, "-o", "json", ...inNamespace(namespace)]));
  }

  list(kind: string, namespace?: string, ...args: string[]): KubernetesObject[] {
    return JSON.parse(this.run(["get", kind, "-o", "json", ...inNamespace(namespace), ...args])).items;
  }

  /** Whether RBAC lets the user, on a resource or a subresource (`pods/log`); says nothing of admission. */
  may(verb: string, resource: string, namespace: string): boolean {
    const [kind = "", subresource] = resource.split("/");
    const below = subresource ? ["--subresource", subresource] : [];
    return this.try(["auth", "can-i", verb, kind, ...below, "-n", namespace, "-q"]).ok;
  }
}

export const admin = new Client();

export function inNamespace(namespace?: string): string[] {
  return namespace ? ["-n", namespace] : [];
}

/** Asks again until there is an answer. */
export async function eventually<T>(what: string, look: () => T | undefined, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
