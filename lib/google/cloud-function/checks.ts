import { nameProblem, type PropProblem, problemAt, wholeNumber } from "../../core/invalid-props";
import { parseBytes } from "../../kubernetes/quantity";
import { environmentProblems } from "../cloud-run/checks";
import type { CloudFunctionProps } from "./props";

/** As service accounts have 6 to 30 characters, and the longest suffix is `-trigger`. */
const [SHORTEST, LONGEST] = [6, 22];
/** Set by Cloud Functions, beside what Cloud Run sets. */
const RESERVED = /^(X_GOOGLE_\w+|FUNCTION_TARGET|FUNCTION_SIGNATURE_TYPE)$/;

/** Files without one of which a language's builder refuses a source, at the top of it. */
const ENTRY_FILES: Readonly<Record<string, readonly string[]>> = {
  go: ["go.mod"],
  nodejs: ["package.json", "index.js", "function.js"],
  python: ["main.py"],
};

/** What Cloud Functions, or a build of it, would refuse. */
export function functionProblems(props: CloudFunctionProps): PropProblem[] {
  return [
    ...nameProblems(props),
    ...runtimeProblems(props),
    ...placeProblems(props),
    ...wholeNumber(["timeoutSeconds"], props.timeoutSeconds, {
      from: 1,
      to: props.events ? 540 : 3600,
      optional: true,
    }),
    ...wholeNumber(["maxInstances"], props.maxInstances, { from: 1, to: 1000, optional: true }),
    ...memoryProblems(props),
    ...variableProblems(props),
  ];
}

function nameProblems({ name }: CloudFunctionProps): PropProblem[] {
  const problem = nameProblem(name, LONGEST);
  if (problem || name.length >= SHORTEST) return problemAt(["name"], problem);
  return [
    {
      prop: ["name"],
      problem: `"${name}" is too short for its service account`,
      instead: `use ${SHORTEST} to ${LONGEST} characters`,
    },
  ];
}

function runtimeProblems({ runtime, entryPoint, source }: CloudFunctionProps): PropProblem[] {
  const found: PropProblem[] = [];
  const [, language] = /^(dotnet|go|java|nodejs|php|python|ruby)\d+$/.exec(runtime) ?? [];
  if (!language)
    found.push({
      prop: ["runtime"],
      problem: `is "${runtime}"`,
      instead: 'give a language and its version, such as "python312" or "nodejs22"',
    });
  if (!/^[A-Za-z_][\w.$]*$/.test(entryPoint))
    found.push({
      prop: ["entryPoint"],
      problem: `is "${entryPoint}"`,
      instead: "give the name of the function in the source",
    });
  const wanted = ENTRY_FILES[language ?? ""] ?? [];
  if (wanted.length > 0 && !wanted.some((file) => source.files.includes(file)))
    found.push({
      prop: ["source"],
      problem: `${source.path} has no ${wanted.join(", ")}, without which ${runtime} is not built`,
      instead: "add it, at the top of the folder",
    });
  return found;
}

function placeProblems({ region, registry, events, invokers = {} }: CloudFunctionProps): PropProblem[] {
  const found: PropProblem[] = [];
  // A repository that is declared here has its region as a token.
  if (/^[a-z0-9-]+$/.test(registry.location) && registry.location !== region)
    found.push({
      prop: ["registry"],
      problem: `is in ${registry.location}, and the function in ${region}`,
      instead: "give one of that region",
    });
  if (events && Object.keys(invokers).length > 0)
    found.push({
      prop: ["invokers"],
      problem: "would call what handles events",
      instead: "drop invokers, or drop events",
    });
  return found;
}

function memoryProblems({ memory }: CloudFunctionProps): PropProblem[] {
  if (memory === undefined) return [];
  if (!/^\d+[MG]i?$/.test(memory))
    return [
      {
        prop: ["memory"],
        problem: `is "${memory}"`,
        instead: 'give whole Mi or Gi, such as "512Mi" or "2Gi"',
      },
    ];
  const bytes = parseBytes(memory);
  if (bytes >= 128e6 && bytes <= 32 * 2 ** 30) return [];
  return [{ prop: ["memory"], problem: `is ${memory}`, instead: "give 128Mi to 32Gi" }];
}

function variableProblems({ env = {}, secrets = {} }: CloudFunctionProps): PropProblem[] {
  const found = environmentProblems({ env, secrets });
  for (const [prop, names] of Object.entries({ env, secrets }))
    for (const name of Object.keys(names).filter((each) => RESERVED.test(each)))
      found.push({ prop: [prop, name], problem: "is set by Cloud Functions", instead: "leave it out" });
  return found;
}
