import { Token } from "cdktf";
import { nameProblem, type PropProblem, problemAt, problemsIn, wholeNumber } from "../../core/invalid-props";
import { looksSecret, saysSecret } from "../../core/secret-text";
import type { Path } from "../../input/problems";
import type { BuildEvent, BuildStep, BuildTriggerProps } from "./props";

/** The most that Google takes: steps of a build, seconds of one, GB of a disk. */
const STEPS = 300;
const SECONDS = 86_400;
const GIGABYTES = 4000;

/** Substitutions that Cloud Build makes itself, of each event that a trigger here can have. */
const BUILT_IN = [
  "PROJECT_ID",
  "PROJECT_NUMBER",
  "LOCATION",
  "BUILD_ID",
  "TRIGGER_NAME",
  "TRIGGER_BUILD_CONFIG_PATH",
  "SERVICE_ACCOUNT",
  "SERVICE_ACCOUNT_EMAIL",
  "COMMIT_SHA",
  "REVISION_ID",
  "SHORT_SHA",
  "REPO_NAME",
  "REPO_FULL_NAME",
  "BRANCH_NAME",
  "TAG_NAME",
  "REF_NAME",
];
/** Those beside the above that a pull request has. */
const OF_PULL_REQUESTS = ["_HEAD_BRANCH", "_BASE_BRANCH", "_HEAD_REPO_URL", "_PR_NUMBER"];

const SECRET_INSTEAD = "give it in secrets, from Secret Manager";

export function problems(props: BuildTriggerProps): PropProblem[] {
  const { steps, secrets = {}, images = [], pool } = props;
  const found: PropProblem[] = [
    ...problemAt(["name"], nameProblem(props.name)),
    ...regionProblems(props.region),
    ...eventProblems(props.on),
    ...wholeNumber(["timeoutSeconds"], props.timeoutSeconds, {
      from: 1,
      to: SECONDS,
      unit: "seconds",
      optional: true,
    }),
    ...wholeNumber(["diskSizeGb"], props.diskSizeGb, { from: 1, to: GIGABYTES, unit: "GB", optional: true }),
    ...images.flatMap((image, index) => imageProblems(["images", index], image)),
    ...secretProblems(props),
    ...substitutionProblems(props),
  ];
  for (const prop of ["machineType", "diskSizeGb"] as const)
    if (pool && props[prop] !== undefined)
      found.push({ prop: [prop], problem: "is given beside pool", instead: "give it to the pool" });
  if (steps.length === 0 || steps.length > STEPS)
    found.push({ prop: ["steps"], problem: `has ${steps.length}`, instead: `give 1 to ${STEPS} steps` });
  for (const [index, step] of steps.entries())
    found.push(...problemsIn(["steps", index], stepProblems(step, index, props)));
  for (const env of Object.keys(secrets))
    if (!steps.some((step) => step.secrets?.includes(env)))
      found.push({ prop: ["secrets", env], problem: "is asked for by no step", instead: "drop it" });
  return found;
}

function regionProblems(region: string): PropProblem[] {
  if (region !== "global") return [];
  const problem = "is global, where connections and private pools cannot be";
  return [{ prop: ["region"], problem, instead: "give a region" }];
}

function eventProblems(on: BuildEvent): PropProblem[] {
  const [prop, pattern]: [Path, string] =
    "pullRequest" in on
      ? [["on", "pullRequest", "branch"], on.pullRequest.branch]
      : "branch" in on.push
        ? [["on", "push", "branch"], on.push.branch]
        : [["on", "push", "tag"], on.push.tag];
  // A | outside of brackets would be one pattern without an end and one without a beginning.
  if (/^\^(?:\\.|[^|()\\]|\((?:\\.|[^()\\])*\))+\$$/.test(pattern)) return [];
  return [
    {
      prop,
      problem: `is "${pattern}", which any name matches that has it in it`,
      instead: `write ^ first and $ last, as in "^main$"`,
    },
  ];
}

function imageProblems(prop: Path, image: string): PropProblem[] {
  const tag = /:([\w.${}-]+)$/.exec(image)?.[1];
  if (Token.isUnresolved(image) || (tag !== undefined && tag !== "latest")) return [];
  const problem = tag === undefined ? "has no tag" : "has the tag latest, which every build moves";
  return [{ prop, problem, instead: "give it a tag that tells builds apart, such as $COMMIT_SHA" }];
}

function secretProblems({ secrets = {}, on, approval = false }: BuildTriggerProps): PropProblem[] {
  const found: PropProblem[] = Object.entries(secrets).flatMap(([env, { version }]) => [
    ...(/^[A-Za-z_]\w*$/.test(env)
      ? []
      : [
          {
            prop: ["secrets", env],
            problem: "is no name of an environment variable",
            instead: "use letters, digits and _",
          },
        ]),
    ...wholeNumber(["secrets", env, "version"], version, { from: 1 }),
  ]);
  if ("pullRequest" in on && !approval && Object.keys(secrets).length > 0)
    found.push({
      prop: ["secrets"],
      problem: "are given to whatever a pull request changes",
      instead: "set approval, or give them to a trigger of a branch",
    });
  return found;
}

function substitutionProblems(props: BuildTriggerProps): PropProblem[] {
  const { substitutions = {} } = props;
  const used = new Set(textsOf(props).flatMap(({ text }) => substitutionsIn(text)));
  return Object.entries(substitutions).flatMap(([name, value]) => {
    const prop = ["substitutions", name];
    if (!/^_[A-Z0-9_]{1,99}$/.test(name))
      return [
        {
          prop,
          problem: "is no name of a substitution",
          instead: "begin it with _, and use capital letters, digits and _",
        },
      ];
    if (saysSecret(name) || looksSecret(value))
      return [
        { prop, problem: "is a secret that everybody sees who sees the build", instead: SECRET_INSTEAD },
      ];
    if (!used.has(name)) return [{ prop, problem: "is used by no step", instead: "drop it" }];
    return [];
  });
}

/** Names after `$` or in `${…}`, without those after `$$`, which Cloud Build leaves to the shell. */
function substitutionsIn(text: string): string[] {
  return [...text.matchAll(/\$\$|\$\{?([A-Z_][A-Z0-9_]*)/g)].flatMap(([, name]) => name ?? []);
}

interface PlacedText {
  readonly prop: Path;
  readonly text: string;
}

/** Every text of a step in which Cloud Build puts substitutions. */
function textsOfStep(step: BuildStep): PlacedText[] {
  const { args = [], env = {}, volumes = {} } = step;
  return [
    { prop: ["image"], text: step.image },
    ...args.map((text, index) => ({ prop: ["args", index], text })),
    ...Object.entries(env).map(([name, text]) => ({ prop: ["env", name], text })),
    ...Object.entries(volumes).map(([path, text]) => ({ prop: ["volumes", path], text })),
    ...(["entrypoint", "dir"] as const).flatMap((prop) => {
      const text = step[prop];
      return text === undefined ? [] : [{ prop: [prop], text }];
    }),
  ];
}

/** Every text of a build in which Cloud Build puts substitutions. */
function textsOf({ steps, images = [], artifacts, tags = [] }: BuildTriggerProps): PlacedText[] {
  return [
    ...steps.flatMap(textsOfStep),
    ...[...images, ...tags, artifacts?.location ?? "", ...(artifacts?.paths ?? [])].map((text) => ({
      prop: [],
      text,
    })),
  ];
}

function stepProblems(step: BuildStep, index: number, props: BuildTriggerProps): PropProblem[] {
  const { steps, secrets = {} } = props;
  const earlier = steps.slice(0, index).map(({ id }) => id);
  const found: PropProblem[] = [];
  if (!/^[\w.-]+$/.test(step.id) || step.id === "-")
    found.push({ prop: ["id"], problem: `is "${step.id}"`, instead: "use letters, digits, ., - and _" });
  if (earlier.includes(step.id))
    found.push({
      prop: ["id"],
      problem: `is "${step.id}", as an earlier step's`,
      instead: "give it another",
    });
  if (!isPinned(step.image) && !(props.images ?? []).includes(step.image))
    found.push({
      prop: ["image"],
      problem: `is "${step.image}", which may be another tomorrow`,
      instead: "give it by digest, @sha256:…, or name it in images if the build makes it",
    });
  for (const [at, id] of (step.waitFor ?? []).entries())
    if (!earlier.includes(id))
      found.push({
        prop: ["waitFor", at],
        problem: `is "${id}", which is no earlier step`,
        instead: earlier.length > 0 ? `use ${earlier.join(", ")}` : "leave it out in the first step",
      });
  for (const [at, env] of (step.secrets ?? []).entries())
    if (!(env in secrets))
      found.push({
        prop: ["secrets", at],
        problem: `is "${env}", which is none of the build's`,
        instead: "declare it in secrets",
      });
  if (step.script !== undefined && (step.args || step.entrypoint !== undefined))
    found.push({
      prop: ["script"],
      problem: "is given beside args or entrypoint",
      instead: "give one of the two",
    });
  found.push(
    ...wholeNumber(["timeoutSeconds"], step.timeoutSeconds, {
      from: 1,
      to: SECONDS,
      unit: "seconds",
      optional: true,
    }),
    ...textsOfStep(step).flatMap((text) => textProblems(text, props)),
    ...scriptProblems(step, props),
  );
  return found;
}

function isPinned(image: string): boolean {
  return Token.isUnresolved(image) || /@sha256:[0-9a-f]{64}$/.test(image);
}

function textProblems({ prop, text }: PlacedText, props: BuildTriggerProps): PropProblem[] {
  const { substitutions = {}, secrets = {}, on } = props;
  const [place, name = ""] = prop.map(String);
  if (looksSecret(text) || (place === "env" && saysSecret(name) && !Token.isUnresolved(text)))
    return [{ prop, problem: "looks like a secret", instead: SECRET_INSTEAD }];
  const known = [
    ...BUILT_IN,
    ...Object.keys(substitutions),
    ...("pullRequest" in on ? OF_PULL_REQUESTS : []),
  ];
  return substitutionsIn(text)
    .filter((used) => !known.includes(used))
    .map((used) =>
      used in secrets
        ? {
            prop,
            problem: `reads the secret ${used} as a substitution, which it is not`,
            instead: `write $$${used}`,
          }
        : {
            prop,
            problem: `has $${used}, which is no substitution`,
            instead: `declare it in substitutions, or write $$${used} for a variable of the shell`,
          },
    );
}

/** A script gets no substitutions: what it reads is in the environment, or is set in it. */
function scriptProblems({ script = "", env = {} }: BuildStep, props: BuildTriggerProps): PropProblem[] {
  const prop = ["script"];
  if (looksSecret(script)) return [{ prop, problem: "looks like a secret", instead: SECRET_INSTEAD }];
  const substitutions = [...BUILT_IN, ...OF_PULL_REQUESTS, ...Object.keys(props.substitutions ?? {})];
  return [...new Set(substitutionsIn(script))]
    .filter((name) => substitutions.includes(name) && !(name in env))
    .map((name) => ({
      prop,
      problem: `reads $${name}, which a script is not given`,
      instead: `give it in env: {${name}: "$${name}"}`,
    }));
}
