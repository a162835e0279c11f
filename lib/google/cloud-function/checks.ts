import { nameProblem, type PropProblem, problemAt, wholeNumber } from "../../core/invalid-props";
import type { CloudFunctionProps } from "./props";

/** As service accounts have 6 to 30 characters, and the longest suffix is `-trigger`. */
const [SHORTEST, LONGEST] = [6, 22];
/** What a variable may be called, in any runtime. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Set by Google, or reserved: a deployment with one of them is refused. */
const RESERVED =
  /^(X_GOOGLE_|K_SERVICE$|K_REVISION$|K_CONFIGURATION$|PORT$|FUNCTION_TARGET$|FUNCTION_SIGNATURE_TYPE$)/;

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
  if (memory === undefined || /^[1-9]\d*(M|Mi|G|Gi)$/.test(memory)) return [];
  return [{ prop: ["memory"], problem: `is "${memory}"`, instead: 'give an amount such as "256M" or "1Gi"' }];
}

function variableProblems({ environment = {}, secrets = {} }: CloudFunctionProps): PropProblem[] {
  const located = [
    ...Object.keys(environment).map((name) => ({ prop: ["environment", name], name })),
    ...Object.keys(secrets).map((name) => ({ prop: ["secrets", name], name })),
  ];
  const found = located.flatMap(({ prop, name }): PropProblem[] => {
    if (!VARIABLE.test(name))
      return [{ prop, problem: "is no name of a variable", instead: "use letters, digits and _" }];
    if (RESERVED.test(name))
      return [{ prop, problem: "is reserved by Google", instead: "give it another name" }];
    return [];
  });
  for (const [name, { version }] of Object.entries(secrets)) {
    if (name in environment)
      found.push({
        prop: ["secrets", name],
        problem: "is in environment too",
        instead: "drop one of the two",
      });
    found.push(...wholeNumber(["secrets", name, "version"], version, { from: 1 }));
  }
  return found;
}
