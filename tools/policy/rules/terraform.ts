import { argument } from "../../../lib/core/terraform-json";
import { at, list, type Rule, resources, rule } from "./rule";

const EXACT = /^\d+\.\d+\.\d+$/;

/** What a provider may be told. For each argument what it may be, where not anything. */
const PROVIDER_ARGUMENTS: Readonly<Record<string, Allowed>> = {
  cloudflare: {},
  google: {
    alias: {},
    project: {},
    region: {},
    impersonate_service_account: {},
    user_project_override: {},
    billing_project: {},
  },
  "google-beta": { project: {}, region: {} },
  helm: { helm_driver: {}, kubernetes: connection() },
  kubernetes: connection(),
  random: {},
};

interface Allowed {
  readonly [argument: string]: Allowed | RegExp;
}

function connection(): Allowed {
  return {
    host: /^https:\/\/\$\{data\.terraform_remote_state\.\w+\.outputs\.cluster_dns_endpoint\}$/,
    exec: { api_version: {}, args: {}, command: /^gke-gcloud-auth-plugin$/ },
  };
}

export const TERRAFORM_RULES: readonly Rule[] = [
  rule("providers-are-pinned", {
    title: "Every provider has a source and one exact version",
    why: "A provider runs with all of the deployer's rights; another version may also plan something else.",
    *find(program) {
      for (const [stack, json] of program.stacks) {
        const terraform = json["terraform"];
        if (typeof argument(terraform, "required_version") !== "string")
          yield { stack, address: "terraform", message: 'has no required_version: write ">= 1.11.0"' };
        const required = (argument(terraform, "required_providers") ?? {}) as Record<string, unknown>;
        for (const name of Object.keys(json.provider ?? {}))
          if (!(name in required))
            yield {
              stack,
              address: `provider.${name}`,
              message: "is not in required_providers: name its source and version",
            };
        for (const [name, requirement] of Object.entries(required)) {
          const version = String(argument(requirement, "version"));
          if (!EXACT.test(version))
            yield {
              stack,
              address: `provider.${name}`,
              message: `has version "${version}": pin one, such as "6.50.0"`,
            };
          if (!/^[\w-]+\/[\w-]+$/.test(String(argument(requirement, "source"))))
            yield {
              stack,
              address: `provider.${name}`,
              message: `has source "${argument(requirement, "source")}": write "hashicorp/${name}"`,
            };
        }
      }
    },
  }),
  rule("providers-are-plain", {
    title: "A provider is told where it works and as whom, and nothing else",
    why: "Another program, address or key would run, or get the deployer's token, and no plan shows it.",
    *find(program) {
      for (const [stack, json] of program.stacks)
        for (const [name, configurations] of Object.entries(json.provider ?? {}))
          for (const problem of list(configurations).flatMap((args) =>
            unusual(args, PROVIDER_ARGUMENTS[name] ?? {}),
          ))
            yield { stack, address: `provider.${name}`, message: `${problem}: leave it to the provider` };
    },
  }),
  rule("state-of-its-own", {
    title: "Each stack keeps its state in the bucket, under its own name",
    why: "Rights on states go by that name: a stack under another's overwrites it, and one without is on a laptop.",
    *find(program) {
      for (const [stack, json] of program.stacks) {
        const prefix = argument(json["terraform"], "backend", "gcs", "prefix");
        if (prefix !== stack)
          yield {
            stack,
            address: "terraform.backend",
            message: `keeps its state under ${JSON.stringify(prefix)}: use the gcs backend with prefix "${stack}", as the class Stack does`,
          };
      }
    },
  }),
  rule("nothing-runs-on-apply", {
    title: "An apply runs no programs",
    why: "What runs there runs with the deployer's rights, and its result is in no plan.",
    *find(program) {
      for (const block of resources(program))
        if (list(block.args["provisioner"]).length > 0)
          yield at(block, "has a provisioner: do it in a Job of a chart, or in a workflow's step");
      for (const block of resources(program, "helm_release"))
        if (block.args["postrender"] !== undefined)
          yield at(block, "has a postrender program: change the chart, or its values");
    },
  }),
  rule("no-modules", {
    title: "Stacks hold resources, not modules",
    why: "What a module holds is in no synthesized file: no rule here and no scanner sees it.",
    *find(program) {
      for (const [stack, json] of program.stacks)
        for (const name of Object.keys(json["module"] ?? {}))
          yield { stack, address: `module.${name}`, message: "hides what it makes: write a construct of it" };
    },
  }),
  rule("charts-are-pinned", {
    title: "A chart from elsewhere comes by HTTPS, in one version",
    why: "What a chart holds runs in the cluster; the latest is whatever its owner, or whoever took over, put there.",
    *find(program) {
      for (const block of resources(program, "helm_release")) {
        const repository = block.args["repository"];
        // A chart may name its place itself: oci://registry.example/web.
        const place = String(repository ?? block.args["chart"]);
        if (repository === undefined && !/^\w+:\/\//.test(place)) continue;
        if (!/^(https|oci):\/\//.test(place))
          yield at(block, `comes from "${place}": use https:// or oci://`);
        if (!/^v?\d+\.\d+\.\d+$/.test(String(block.args["version"])))
          yield at(block, `has version "${block.args["version"]}": pin one, such as "1.3.2"`);
      }
    },
  }),
];

/** What of a provider's arguments is not among those that it may have. */
function unusual(args: unknown, allowed: Allowed): string[] {
  return Object.entries((args ?? {}) as object).flatMap(([name, value]) => {
    const wanted = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (wanted === undefined) return [`has ${name}`];
    if (wanted instanceof RegExp)
      return wanted.test(String(value)) ? [] : [`has ${name} ${JSON.stringify(value)}`];
    return Object.keys(wanted).length > 0 ? list(value).flatMap((inner) => unusual(inner, wanted)) : [];
  });
}
