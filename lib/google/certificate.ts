import { CertificateManagerCertificate } from "@cdktf/provider-google/lib/certificate-manager-certificate";
import { CertificateManagerCertificateMap } from "@cdktf/provider-google/lib/certificate-manager-certificate-map";
import { CertificateManagerCertificateMapEntry } from "@cdktf/provider-google/lib/certificate-manager-certificate-map-entry";
import { CertificateManagerDnsAuthorization } from "@cdktf/provider-google/lib/certificate-manager-dns-authorization";
import { Construct } from "constructs";
import type { DnsZone } from "../core/dns-zone";
import { nameProblem, type PropProblem, problemAt, rejectProps } from "../core/invalid-props";

export interface CertificateProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of the certificate map, and what the names of its parts start with. Changing it recreates them all. */
  readonly name: string;
  /** Public zone that the domains are in, where the proof of control is published: a `CloudflareDns` or a `CloudDnsZone`. */
  readonly dns: DnsZone;
  /**
   * Domains to serve, such as `example.com` and `*.example.com`: a wildcard covers one level and not its own base.
   * Adding or removing one leaves the others' certificates alone.
   */
  readonly domains: readonly string[];
  /** Labels of the map, its entries, certificates and authorizations. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Certificate Manager certificate map for a GKE Gateway or a `LoadBalancer`, with a Google-managed certificate by DNS authorization for each
 * domain. Google renews them as long as the CNAME records that prove control of the domains stay in DNS; so they are
 * made, and renewed, before any traffic arrives. The first 100 certificates are free.
 *
 * A new certificate takes minutes, sometimes an hour, to become active; meanwhile its domain fails TLS handshakes.
 * The authorizations are of type PER_PROJECT_RECORD, so that two projects can prove control of one domain.
 *
 * Source: infrastructure document, section "Helm Values (Staging)" (there by cert-manager, per engineer).
 * @see https://cloud.google.com/certificate-manager/docs/dns-authorizations
 * @throws when there is no domain, or one twice, outside the zone, or not a domain
 * @example
 * ```ts
 * const dns = new CloudflareDns(stack, "dns", {
 *   zoneId: "0123456789abcdef0123456789abcdef",
 *   zoneName: "example.com",
 *   records: { api: { type: "A", content: "203.0.113.7" } },
 * });
 * const { mapName } = new Certificate(stack, "certificate", {
 *   projectId: "acme-prod",
 *   name: "acme-prod",
 *   dns,
 *   domains: ["example.com", "*.example.com"],
 * });
 * stack.output("certificate_map_name", { value: mapName });
 * ```
 */
export class Certificate extends Construct {
  /** Name of the map: value of a Gateway's annotation `networking.gke.io/certmap`. */
  readonly mapName: string;
  /** `projects/<project>/locations/global/certificateMaps/<name>`. */
  readonly mapId: string;
  /** Id of the certificate of each domain, by domain. */
  readonly certificateIds: Record<string, string>;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, labels } = props;

    const map = new CertificateManagerCertificateMap(this, "Resource", { project, name: props.name, labels });
    const certificateIds: Record<string, string> = {};
    for (const base of new Set(props.domains.map(baseOf))) {
      const authorization = authorize(this, base, props);
      for (const domain of props.domains.filter((domain) => baseOf(domain) === base)) {
        const certificate = new CertificateManagerCertificate(this, slug(domain), {
          project,
          name: `${props.name}-${slug(domain)}`,
          location: "global",
          scope: "DEFAULT",
          managed: { domains: [domain], dnsAuthorizations: [authorization.id] },
          labels,
        });
        new CertificateManagerCertificateMapEntry(this, `${slug(domain)}-entry`, {
          project,
          name: `${props.name}-${slug(domain)}`,
          map: map.name,
          hostname: domain,
          certificates: [certificate.id],
          labels,
        });
        certificateIds[domain] = certificate.id;
      }
    }

    this.mapName = map.name;
    this.mapId = map.id;
    this.certificateIds = certificateIds;
  }
}

/** Proves control of a domain, which covers the domain and its wildcard. */
function authorize(
  scope: Construct,
  domain: string,
  props: CertificateProps,
): CertificateManagerDnsAuthorization {
  const authorization = new CertificateManagerDnsAuthorization(scope, `${slug(domain)}-authorization`, {
    project: props.projectId,
    name: `${props.name}-${slug(domain)}`,
    location: "global",
    type: "PER_PROJECT_RECORD",
    domain,
    labels: props.labels,
  });
  const record = authorization.dnsResourceRecord.get(0);
  props.dns.publishAlias(scope, `${slug(domain)}-record`, {
    name: record.name,
    target: record.data,
    comment: `Proves control of ${domain} to Google's Certificate Manager`,
  });
  return authorization;
}

function baseOf(domain: string): string {
  return domain.replace(/^\*\./, "");
}

/** A domain as a part of a name: `wildcard-example-com`. */
export function slug(domain: string): string {
  return domain.replace(/^\*\./, "wildcard-").replaceAll(".", "-");
}

function problems({ name, dns, domains }: CertificateProps): PropProblem[] {
  if (domains.length === 0) return [{ prop: ["domains"], problem: "is empty", instead: "name one at least" }];
  const hidden: PropProblem[] = dns.isPublic
    ? []
    : [
        {
          prop: ["dns"],
          problem: `is the private zone of ${dns.zoneName}, in which Google does not find the proof of control`,
          instead: "give a public one",
        },
      ];
  const wrong = domains.flatMap((domain, index) => {
    const prop = ["domains", index];
    if (!/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(domain))
      return [
        {
          prop,
          problem: `is "${domain}", which is no domain`,
          instead: 'give one such as "example.com" or "*.example.com"',
        },
      ];
    const found = problemAt(prop, nameProblem(`${name}-${slug(domain)}`));
    if (baseOf(domain) !== dns.zoneName && !domain.endsWith(`.${dns.zoneName}`))
      found.push({
        prop,
        problem: `is "${domain}", outside of the zone in which its proof of control would be published`,
        instead: `give a domain of ${dns.zoneName}`,
      });
    if (domains.indexOf(domain) !== index)
      found.push({ prop, problem: `is "${domain}", which is there already`, instead: "name it once" });
    return found;
  });
  return [...hidden, ...wrong];
}
