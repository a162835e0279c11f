import {
  ComputeSecurityPolicy,
  type ComputeSecurityPolicyRule,
} from "@cdktf/provider-google/lib/compute-security-policy";
import { ComputeSslPolicy } from "@cdktf/provider-google/lib/compute-ssl-policy";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { nameProblem, problemAt, rejectProps } from "../core/invalid-props";
import { optionalOutput } from "../core/props";

/** What Cloud Armor takes in one rule. */
const RANGES_PER_RULE = 10;
/** Of the rule that decides what no other does. */
const LAST_PRIORITY = 2_147_483_647;

export interface CloudArmorPolicyProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of both policies. Changing it recreates them. */
  readonly name: string;
  /**
   * CIDR ranges that requests may come from, a list or a reference to one: those of the CDN in front, so that nobody gets
   * around its rules by asking the load balancer itself. Everybody else gets 403.
   *
   * The policy, its rules and the requests are billed.
   * @default anybody; no policy is made, and nothing charged
   */
  readonly allowedRanges?: string[];
}

/**
 * SSL policy and Cloud Armor security policy of a GKE Gateway: they refuse TLS before 1.2 with its old ciphers, which
 * Google's own default still speaks, and requests from elsewhere than the allowed ranges.
 *
 * Both take effect where the charts attach them: `sslPolicyName` by a GCPGatewayPolicy, `securityPolicyName` by the
 * GCPBackendPolicy of each service. Health checks pass either way.
 *
 * Allowing a CDN's ranges keeps out everybody but its customers, of whom any could point a host of theirs here: the API's
 * own sign-in is what protects its data.
 *
 * Source: OctoLLM document, section "Network Security" (Cloud Armor); Copy-That document, section "Cloud Armor WAF".
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources
 * @see https://cloud.google.com/armor/docs/configure-security-policies
 * @throws when the name is none that Compute Engine takes
 * @example
 * ```ts
 * const edge = new CloudArmorPolicy(stack, "edge", {
 *   projectId: "acme-prod",
 *   name: "acme-prod",
 *   allowedRanges: ["173.245.48.0/20", "103.21.244.0/22"],
 * });
 * stack.output("ssl_policy_name", { value: edge.sslPolicyName });
 * ```
 */
export class CloudArmorPolicy extends Construct {
  /** Name of the SSL policy, for a GCPGatewayPolicy. */
  readonly sslPolicyName: string;
  private readonly securityPolicy?: string;

  constructor(scope: Construct, id: string, props: CloudArmorPolicyProps) {
    super(scope, id);
    rejectProps(this, problemAt(["name"], nameProblem(props.name)));
    const { projectId: project, name } = props;

    this.sslPolicyName = new ComputeSslPolicy(this, "tls", {
      project,
      name,
      profile: "MODERN",
      minTlsVersion: "TLS_1_2",
    }).name;
    if (props.allowedRanges) this.securityPolicy = this.allowOnly(props.allowedRanges, props);
  }

  /**
   * Name of the security policy, for a GCPBackendPolicy.
   * @throws without `allowedRanges`
   */
  get securityPolicyName(): string {
    return optionalOutput(this, "security policy", this.securityPolicy, "allowedRanges");
  }

  private allowOnly(ranges: string[], { projectId: project, name }: CloudArmorPolicyProps): string {
    const policy = new ComputeSecurityPolicy(this, "Resource", {
      project,
      name,
      description: "Requests by way of the CDN only",
      type: "CLOUD_ARMOR",
      rule: [
        {
          ...byAddress("deny(403)", ["*"]),
          priority: LAST_PRIORITY,
          description: "Everybody else",
        },
      ],
    });
    // How many ranges there are may be known to Terraform alone.
    policy.addOverride("dynamic.rule", {
      for_each: Fn.chunklist(ranges, RANGES_PER_RULE),
      content: {
        action: "allow",
        priority: "${1000 + rule.key}",
        description: "Ranges of the CDN",
        match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: "${rule.value}" } },
      },
    });
    return policy.name;
  }
}

function byAddress(
  action: string,
  srcIpRanges: string[],
): Pick<ComputeSecurityPolicyRule, "action" | "match"> {
  return { action, match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges } } };
}
