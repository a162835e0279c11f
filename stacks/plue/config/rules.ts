import { DOMAIN, environmentRules, textLike } from "../../../lib/input/configuration";
import { networkRangeRules } from "../../../lib/input/network-ranges";
import { type Path, quote } from "../../../lib/input/problems";
import { type Finding, textAt, valueAt } from "../../../lib/input/source-document";
import { ENVIRONMENTS, NETWORK_RANGES } from "./schema";

const ROOT: Path = ["context", "plue"];

/** How the values of the configuration relate to each other. Values that are wrong by themselves are left out of it. */
export function configRules(file: unknown): Finding[] {
  const config = valueAt(file, ROOT);
  return [
    ...separateProjects(config),
    ...sameOwner(config),
    ...domainsNested(config),
    ...ENVIRONMENTS.flatMap((environment) => [
      ...environmentRules(config, [environment]),
      ...networkRangeRules(config, [environment, "network"], NETWORK_RANGES),
    ]),
  ].map(({ path, message }) => ({ path: [...ROOT, ...path], message }));
}

function separateProjects(config: unknown): Finding[] {
  const path = ["production", "projectId"];
  const project = textAt(config, path);
  if (project === undefined || project !== textAt(config, ["staging", "projectId"])) return [];
  return [{ path, message: `${quote(project)} is staging's project: production needs one of its own` }];
}

/** githubOwnerId stands for the owner of both. */
function sameOwner(config: unknown): Finding[] {
  const path = ["applicationRepository"];
  const [owner, other] = [["githubRepository"], path].map((at) => textAt(config, at)?.split("/", 1)[0]);
  if (owner === undefined || other === undefined || owner.toLowerCase() === other.toLowerCase()) return [];
  return [
    {
      path,
      message: `${quote(other)} is another owner than ${quote(owner)} of githubRepository, for whom githubOwnerId stands`,
    },
  ];
}

function domainsNested(config: unknown): Finding[] {
  const domainAt = (...path: string[]) => textLike(DOMAIN, valueAt(config, path));
  const domain = domainAt("domain");
  const staging = domainAt("staging", "domain");
  const production = domainAt("production", "domain");
  if (domain === undefined) return [];
  const findings: Finding[] = [];
  if (staging !== undefined && staging.slice(staging.indexOf(".") + 1) !== domain)
    findings.push({
      path: ["staging", "domain"],
      message: `${quote(staging)} is not one label below ${quote(domain)}, as its wildcard record and certificate need: for instance ${quote(`staging.${domain}`)}`,
    });
  if (production !== undefined && `.${production}`.endsWith(`.${staging}`))
    findings.push({
      path: ["production", "domain"],
      message: `${quote(production)} belongs to staging: for instance ${quote(domain)}`,
    });
  else if (production !== undefined && !`.${production}`.endsWith(`.${domain}`))
    findings.push({
      path: ["production", "domain"],
      message: `${quote(production)} is neither ${quote(domain)} nor below it, so the Cloudflare zone cannot hold it`,
    });
  return findings;
}
