import { spawnSync } from "node:child_process";
import { type Command, InvalidArgumentError } from "commander";
import { sync as writeFileAtomic } from "write-file-atomic";
import { type Release, type Releases, setRelease } from "../../lib/environments/releases";
import type { Project, System } from "../../lib/environments/system";
import { nearest } from "../../lib/input/explain";
import { InvalidInputError } from "../../lib/input/problems";
import { readText } from "../../lib/input/read-json";
import { CliError, EXIT } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";
import { emit, examples, type JsonOption, step, tell, withJson } from "../command-line/output";
import { findEnvironment, readProject, thisSystem } from "../command-line/project";

/** Registers `plue canary`. */
export function registerCanary(program: Command): void {
  const canary = program
    .command("canary")
    .description("which revision of a Cloud Run service answers: edits the system's file of releases");
  registerShow(canary);
  registerStart(canary);
  registerPromote(canary);
  registerAbort(canary);
}

const SERVICE = "service, where an environment has several";

function registerShow(canary: Command): void {
  const command = withJson(
    canary
      .command("show")
      .description("what the file of releases says: image, the revision that it makes, who gets which")
      .argument("<environment>")
      .option("--service <name>", SERVICE),
  ).action(show);
  examples(command, { "npx plue canary show production": "what answers, and what is being tried" });
}

function registerStart(canary: Command): void {
  const command = canary
    .command("start")
    .description("a new image: its deployment makes a revision with an address of its own and no requests")
    .argument("<environment>")
    .requiredOption("--image <digest>", "sha256:…, as the registry tells it")
    .option("--first", "nothing runs yet: the image answers everybody")
    .option("--service <name>", SERVICE)
    .action(start);
  examples(command, {
    [`npx plue canary start staging --image sha256:${"0123456789abcdef".repeat(4)}`]: "a new release",
  });
}

function registerPromote(canary: Command): void {
  const command = canary
    .command("promote")
    .description("requests for the newest revision: a share of them, or all")
    .argument("<environment>")
    .option("--percent <number>", "share of the requests, 1 to 99", share)
    .option("--service <name>", SERVICE)
    .action(promote);
  examples(command, {
    "npx plue canary promote production --percent 10": "a tenth",
    "npx plue canary promote production": "all of them",
  });
}

function registerAbort(canary: Command): void {
  const command = canary
    .command("abort")
    .description("no requests for the canary: the stable revision answers everybody")
    .argument("<environment>")
    .option("--base <ref>", "the revision that was the stable one at that commit: after a promotion")
    .option("--service <name>", SERVICE)
    .action(abort);
  examples(command, {
    "npx plue canary abort production": "back to what was there before",
    "npx plue canary abort production --base HEAD~1": "the same, after a promotion",
  });
}

interface ServiceOption {
  readonly service?: string;
}

function show(environment: string, options: ServiceOption & JsonOption): void {
  const { service, release, newest } = open(environment, options);
  const { image, traffic } = release;
  emit(options, { environment, service, image, revision: newest, traffic }, () =>
    [
      `${service} of ${environment}`,
      `image     ${image}`,
      `revision  ${newest}`,
      `stable    ${traffic?.stable ?? "the newest"}`,
      `canary    ${traffic?.canary ? `${traffic.canary.revision}, ${traffic.canary.percent} %` : "none"}`,
    ].join("\n"),
  );
}

function start(
  environment: string,
  { image, first, ...options }: ServiceOption & { readonly image: string; readonly first?: true },
): void {
  const opened = open(environment, options);
  const { release, newest, file } = opened;
  const { canary, stable } = release.traffic ?? {};
  if (first && release.traffic)
    throw new CliError(
      `${file} says which revision of ${environment} answers: it is not the first; leave --first out`,
      EXIT.refused,
    );
  if (canary && canary.revision !== stable)
    throw new CliError(
      `${canary.revision} is being tried in ${environment}: npx plue canary promote or abort comes first`,
      EXIT.refused,
    );
  if (!first && image === release.image && release.traffic)
    throw new CliError(`${image} is the image of ${environment} already`, EXIT.refused);
  // What answers now is named before something newer is there.
  const traffic = first ? undefined : { stable: stable ?? newest };
  const next = first ? [] : [`then its smoke test, and npx plue canary promote ${environment} --percent 10`];
  change(opened, { image, ...(traffic && { traffic }) }, next);
}

function promote(
  environment: string,
  { percent, ...options }: ServiceOption & { readonly percent?: number },
): void {
  const opened = open(environment, options);
  const { release, newest } = opened;
  const { stable, canary } = requireTraffic(opened);
  if (stable === newest)
    throw new CliError(`${newest} answers everybody in ${environment} already`, EXIT.refused);
  if (canary && canary.revision !== stable && canary.revision !== newest)
    throw new CliError(
      `${canary.revision} is being tried in ${environment}, and what this checkout makes is ${newest}: another image or setting came meanwhile. npx plue canary abort ${environment} comes first`,
      EXIT.refused,
    );
  const traffic =
    percent === undefined ? { stable: newest } : { stable, canary: { revision: newest, percent } };
  const next =
    percent === undefined
      ? []
      : [`then npx plue canary promote ${environment}, or npx plue canary abort ${environment}`];
  change(opened, { ...release, traffic }, next);
}

function abort(environment: string, { base, ...options }: ServiceOption & { readonly base?: string }): void {
  const opened = open(environment, options);
  const { stable, canary } = requireTraffic(opened);
  const answers = base === undefined ? stable : stableAt(base, opened);
  if (!canary && answers === stable) {
    tell(`Nothing gets a share of the requests in ${environment}: ${stable} answers everybody.`);
    return;
  }
  change(opened, { ...opened.release, traffic: { stable: answers } }, []);
}

/** Hash of the revision that was the stable one at a commit. @throws {CliError} when the commit has none */
function stableAt(base: string, { releases, file, environment, service, project }: Opened): string {
  const git = spawnSync("git", ["show", "--end-of-options", `${base}:./${file}`], { encoding: "utf8" });
  if (git.status !== 0)
    throw new CliError(`${base} has no ${file}: ${cleanLine(git.stderr.trim())}`, EXIT.usage);
  const release = releases.parse(git.stdout, `${file} of ${base}`)[environment]?.[service];
  if (!release) throw new CliError(`${file} of ${base} has no ${service} of ${environment}`, EXIT.usage);
  return release.traffic?.stable ?? revision(project, environment, service, release);
}

/** A release for a change. */
interface Opened {
  readonly releases: NonNullable<System["releases"]>;
  readonly project: Project;
  readonly file: string;
  readonly text: string;
  readonly environment: string;
  readonly service: string;
  readonly release: Release;
  /** Hash of the revision that it makes. */
  readonly newest: string;
}

function open(environment: string, { service: named }: ServiceOption): Opened {
  const { name, releases } = thisSystem();
  if (!releases) throw new CliError(`${name} has no releases on Cloud Run`, EXIT.usage);
  const project = readProject();
  findEnvironment(project, environment);
  const { file } = releases;
  const text = readText(file);
  const known: Releases = releases.parse(text, file);
  const services = known[environment] ?? {};
  const service = findService(environment, services, named);
  const release = services[service] as Release;
  return {
    releases,
    project,
    file,
    text,
    environment,
    service,
    release,
    newest: revision(project, environment, service, release),
  };
}

function findService(
  environment: string,
  services: Readonly<Record<string, Release>>,
  named: string | undefined,
): string {
  const names = Object.keys(services);
  const [only, ...others] = names;
  if (named === undefined && only !== undefined && others.length === 0) return only;
  if (named !== undefined && Object.hasOwn(services, named)) return named;
  const there = `there are: ${names.join(", ") || "none"}`;
  if (named === undefined)
    throw new CliError(`${environment} has several services: name one by --service; ${there}`, EXIT.usage);
  const meant = nearest(named, names);
  throw new CliError(
    `${environment} has no service ${JSON.stringify(named)}; ${meant ? `did you mean ${meant}?` : there}`,
    EXIT.usage,
  );
}

function revision(project: Project, environment: string, service: string, release: Release): string {
  const hash = project.revision?.(environment, service, release);
  if (hash === undefined) throw new Error("a system with releases tells the revisions that they make");
  return hash;
}

function requireTraffic({ release, environment, file }: Opened): NonNullable<Release["traffic"]> {
  if (release.traffic) return release.traffic;
  throw new CliError(
    `${file} has no traffic for ${environment}, so the newest revision answers: npx plue canary start ${environment} --image <digest> comes first`,
    EXIT.refused,
  );
}

/** Writes the release, unless the file would then not be valid. */
function change({ releases, ...opened }: Opened, release: Release, further: readonly string[]): void {
  const { file, text, environment, service } = opened;
  const changed = setRelease(text, environment, service, release);
  if (changed === text) {
    tell(`${file} says that already.`);
    return;
  }
  try {
    releases.parse(changed, file);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const lines = error.problems.map(({ message }) => message);
    throw new CliError(`${environment} cannot be released so:\n${lines.join("\n")}`, EXIT.input);
  }
  tell(
    `Changing ${service} of ${environment} in ${file}:\n  from ${line(opened.release)}\n  to   ${line(release)}`,
  );
  writeFileAtomic(file, changed);
  tell(
    [
      "Next:",
      step("npx plue changed --base HEAD", "the stack that this changes"),
      `  git commit ${file}, and open a pull request; once it is deployed a plan shows nothing`,
      ...further.map((each) => `  ${each}`),
    ].join("\n"),
  );
}

function line({ image, traffic }: Release): string {
  if (!traffic) return `${image}, which answers everybody`;
  const { stable, canary } = traffic;
  return `${image}; ${stable} answers${canary ? `, and ${canary.revision} ${canary.percent} %` : ""}`;
}

function share(value: string): number {
  const percent = Number(value);
  if (!Number.isInteger(percent) || percent < 1 || percent > 99)
    throw new InvalidArgumentError("Give a whole number from 1 to 99; without the option it is all of them.");
  return percent;
}
