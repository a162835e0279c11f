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
  const zone = domainAt("staging", "dnsZone", "domain");
  const staging = domainAt("staging", "domain");
  const production = domainAt("production", "domain");
  if (domain === undefined) return [];
  const findings: Finding[] = [];
  if (zone !== undefined && (isWithin(zone, domain) || isWithin(domain, zone)))
    findings.push({
      path: ["staging", "dnsZone", "domain"],
      message: `${quote(zone)} and the product's ${quote(domain)} are one domain, whose cookies travel: name another that you registered, or leave dnsZone out`,
    });
  else if (zone !== undefined && staging !== undefined && staging !== zone && parentOf(staging) !== zone)
    findings.push({
      path: ["staging", "domain"],
      message: `${quote(staging)} is neither ${quote(zone)}, the domain of dnsZone, nor one label below it, as its wildcard record and certificate need: for instance ${quote(zone)}`,
    });
  else if (zone === undefined && staging !== undefined && parentOf(staging) !== domain)
    findings.push({
      path: ["staging", "domain"],
      message: `${quote(staging)} is not one label below ${quote(domain)}, as its wildcard record and certificate need: for instance ${quote(`staging.${domain}`)}, or name its zone in dnsZone`,
    });
  if (production !== undefined && staging !== undefined && isWithin(production, staging)) {
    // Where staging has the product's own domain, that is what is wrong, and told already.
    if (!isWithin(domain, staging))
      findings.push({
        path: ["production", "domain"],
        message: `${quote(production)} is at or below ${quote(staging)}, which is staging's: for instance ${quote(domain)}`,
      });
  } else if (production !== undefined && !isWithin(production, domain))
    findings.push({
      path: ["production", "domain"],
      message: `${quote(production)} is neither ${quote(domain)} nor below it, so the Cloudflare zone cannot hold it`,
    });
  return findings;
}

/** Whether a host is a domain, or below it. */
function isWithin(host: string, domain: string): boolean {
  return `.${host}`.endsWith(`.${domain}`);
}

function parentOf(domain: string): string {
  return domain.slice(domain.indexOf(".") + 1);
}
