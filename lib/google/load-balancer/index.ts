import { createHash } from "node:crypto";
import { CloudRunV2ServiceIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-service-iam-member";
import { ComputeBackendBucket } from "@cdktf/provider-google/lib/compute-backend-bucket";
import { ComputeBackendService } from "@cdktf/provider-google/lib/compute-backend-service";
import { ComputeGlobalAddress } from "@cdktf/provider-google/lib/compute-global-address";
import { ComputeGlobalForwardingRule } from "@cdktf/provider-google/lib/compute-global-forwarding-rule";
import { ComputeRegionNetworkEndpointGroup } from "@cdktf/provider-google/lib/compute-region-network-endpoint-group";
import { ComputeSslPolicy } from "@cdktf/provider-google/lib/compute-ssl-policy";
import { ComputeTargetHttpProxy } from "@cdktf/provider-google/lib/compute-target-http-proxy";
import { ComputeTargetHttpsProxy } from "@cdktf/provider-google/lib/compute-target-https-proxy";
import { ComputeUrlMap, type ComputeUrlMapPathMatcher } from "@cdktf/provider-google/lib/compute-url-map";
import { IapWebBackendServiceIamMember } from "@cdktf/provider-google/lib/iap-web-backend-service-iam-member";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { expression } from "../../core/expression";
import { rejectProps } from "../../core/invalid-props";
import { WITHOUT_ARMOR } from "../../core/labels";
import { lifecycle, mapValues, optionalOutput } from "../../core/props";
import { slug } from "../certificate";
import { problems } from "./checks";
import {
  type BucketBackend,
  type CdnSettings,
  type CloudRunBackend,
  type HostRoutes,
  isBucket,
  type LoadBalancerProps,
  type ServerlessService,
} from "./props";

export type * from "./props";

/** Of the load balancers that Google calls global external Application Load Balancers; the other kind is its predecessor. */
const SCHEME = "EXTERNAL_MANAGED";
/** Answers by itself: no request reaches the service that an URL map has to name beside it. */
const REFUSED = { faultInjectionPolicy: { abort: { httpStatus: 404, percentage: 100 } } };
/** A URL map that changes must have left what goes before it goes. */
const LEFT_FIRST = { createBeforeDestroy: true };

/**
 * Global external Application Load Balancer: hosts and paths to Cloud Run services and buckets, by HTTPS with certificates of Certificate
 * Manager; HTTP is redirected. TLS is 1.2 at least, services are behind Cloud Armor or say why not, and, where asked, behind
 * Identity-Aware Proxy.
 *
 * A client that asks for a host without a certificate gets no connection, and a host or path that leads nowhere 404, without any
 * service being asked.
 *
 * What Cloud CDN keeps stays for its time. After a deploy a pipeline removes it, which Terraform does not do:
 * `gcloud compute url-maps invalidate-cdn-cache <name> --host=<host> --path='/*'`, `urlMapName` being the name.
 *
 * A service that is replaced gets a new network endpoint group beside the old one, as Google deletes none in use. New addresses answer
 * after some minutes, and with a new certificate after up to an hour.
 *
 * IAP's Google-managed OAuth client admits people of the project's own organization. Policy and IAP act on requests through the load balancer:
 * a service that anybody may ask directly has neither.
 *
 * Each address with its two forwarding rules is billed, the first five rules of a project together 18.25 USD a month; so is what
 * passes through, by the GB, and what Cloud CDN serves. The applying identity needs roles/compute.loadBalancerAdmin,
 * roles/compute.securityAdmin, and with IAP roles/iap.admin and roles/run.admin.
 *
 * Source: Orchestra document, section "Nginx Configuration" (there with certbot, which cannot reach Cloud Run); Copy-That document,
 * section "Identity-Aware Proxy for Staging".
 * @see https://cloud.google.com/load-balancing/docs/https
 * @throws on a host without a certificate, a backend that there is not or that gets no request, a policy of the wrong kind, times that
 *   Cloud CDN does not take, IAP without members or google-beta
 * @example
 * ```ts
 * const dns = new CloudDnsZone(stack, "zone", {
 *   projectId: "acme-prod",
 *   name: "acme",
 *   zoneName: "example.com",
 *   deletionProtection: true,
 * });
 * const certificate = new Certificate(stack, "certificate", {
 *   projectId: "acme-prod",
 *   name: "acme-prod",
 *   dns,
 *   domains: ["api.example.com"],
 * });
 * const frontend = new Bucket(stack, "frontend", {
 *   projectId: "acme-prod",
 *   name: "acme-prod-frontend",
 *   location: "us-central1",
 *   publicRead: true,
 *   website: { mainPage: "index.html", notFoundPage: "404.html" },
 *   deletionProtection: true,
 * });
 * const policy = new CloudArmorPolicy(stack, "policy", {
 *   projectId: "acme-prod",
 *   name: "acme-api",
 *   rules: { floods: { priority: 2000, limit: { requests: 1000, key: "IP" } } },
 * });
 * const balancer = new LoadBalancer(stack, "edge", {
 *   projectId: "acme-prod",
 *   name: "acme-edge",
 *   certificate,
 *   backends: {
 *     server: { service: { name: "acme-server", region: "us-central1" }, securityPolicy: policy },
 *     frontend: { bucket: frontend, cdn: {} },
 *   },
 *   hosts: {
 *     "api.example.com": {
 *       routes: [
 *         { paths: ["/api/*", "/health"], backend: "server" },
 *         { paths: ["/dashboard", "/dashboard/*"], backend: "frontend", rewrite: "/" },
 *       ],
 *     },
 *   },
 *   deletionProtection: true,
 * });
 * dns.addRecord("api", { type: "A", values: [balancer.ipv4Address] });
 * stack.output("url_map_name", { value: balancer.urlMapName });
 * ```
 */
export class LoadBalancer<Key extends string = string> extends Construct {
  /** IPv4 address, for A records. */
  readonly ipv4Address: string;
  /** Name of the URL map, by which what Cloud CDN keeps is invalidated. */
  readonly urlMapName: string;
  /** Name of each backend service or backend bucket, by its key in `backends`: what metrics call it. */
  readonly backendNames: Readonly<Record<Key, string>>;
  private readonly ipv6?: string;
  private readonly backendIds: Readonly<Record<Key, string>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LoadBalancerProps<Key>,
  ) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, name } = props;

    const scoped = new Construct(this, "backend");
    const backends = mapValues(props.backends, (backend: CloudRunBackend | BucketBackend, key) =>
      isBucket(backend)
        ? this.backendBucket(scoped, key, backend)
        : this.backendService(scoped, key, backend),
    );
    this.backendIds = mapValues(backends, ({ id }) => id);
    this.backendNames = mapValues(backends, (backend) => backend.name);
    this.identityAwareProxy(backends);

    const urlMap = new ComputeUrlMap(this, "Resource", {
      project,
      name,
      ...this.otherwise(props.defaultBackend),
      hostRule: Object.keys(props.hosts).map((host) => ({ hosts: [host], pathMatcher: slug(host) })),
      pathMatcher: Object.entries(props.hosts).map(([host, routes]) => this.pathMatcher(host, routes)),
    });
    this.urlMapName = urlMap.name;
    const https = new ComputeTargetHttpsProxy(this, "https-proxy", {
      project,
      name: `${name}-https`,
      urlMap: urlMap.id,
      certificateMap: `//certificatemanager.googleapis.com/${props.certificate.mapId}`,
      sslPolicy: new ComputeSslPolicy(this, "tls", {
        project,
        name,
        profile: props.tlsProfile ?? "MODERN",
        minTlsVersion: "TLS_1_2",
      }).id,
      httpKeepAliveTimeoutSec: props.keepAliveSeconds,
    });
    const http = new ComputeTargetHttpProxy(this, "http-proxy", {
      project,
      name: `${name}-http`,
      urlMap: new ComputeUrlMap(this, "redirect", {
        project,
        name: `${name}-redirect`,
        defaultUrlRedirect: {
          httpsRedirect: true,
          redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT",
          stripQuery: false,
        },
      }).id,
      httpKeepAliveTimeoutSec: props.keepAliveSeconds,
    });
    const ports: [scheme: string, port: string, target: string][] = [
      ["https", "443", https.id],
      ["http", "80", http.id],
    ];
    this.ipv4Address = this.frontend("IPV4", ports);
    if (props.ipv6) this.ipv6 = this.frontend("IPV6", ports);
  }

  /**
   * IPv6 address, for AAAA records.
   * @throws without `ipv6`
   */
  get ipv6Address(): string {
    return optionalOutput(this, "IPv6 address", this.ipv6, "ipv6");
  }

  private frontend(
    ipVersion: "IPV4" | "IPV6",
    ports: [scheme: string, port: string, target: string][],
  ): string {
    const { projectId: project, name, labels, deletionProtection } = this.props;
    const version = ipVersion.toLowerCase();
    const address = new ComputeGlobalAddress(this, version, {
      project,
      name: `${name}-${version}`,
      addressType: "EXTERNAL",
      ipVersion,
      labels,
      lifecycle: lifecycle(deletionProtection),
    });
    for (const [scheme, portRange, target] of ports)
      new ComputeGlobalForwardingRule(this, `${scheme}-${version}`, {
        project,
        name: `${name}-${scheme}-${version}`,
        loadBalancingScheme: SCHEME,
        ipProtocol: "TCP",
        ipAddress: address.id,
        portRange,
        target,
        labels,
      });
    return address.address;
  }

  private backendService(scope: Construct, key: string, backend: CloudRunBackend): ComputeBackendService {
    const { projectId: project, name } = this.props;
    const { service, securityPolicy, iap, logSampleRate = 1 } = backend;
    const group = new ComputeRegionNetworkEndpointGroup(scope, `${key}-endpoints`, {
      project,
      name: `${name}-${key}-${hashOf(service)}`,
      region: service.region,
      networkEndpointType: "SERVERLESS",
      cloudRun: { service: service.name, tag: service.tag },
      lifecycle: LEFT_FIRST,
    });
    const guarded = "none" in securityPolicy ? undefined : securityPolicy;
    return new ComputeBackendService(scope, key, {
      project,
      name: `${name}-${key}`,
      description: "none" in securityPolicy ? `${WITHOUT_ARMOR}${securityPolicy.none}` : undefined,
      loadBalancingScheme: SCHEME,
      protocol: "HTTPS",
      backend: [{ group: group.id }],
      securityPolicy: guarded?.securityPolicyId,
      iap: iap && { enabled: true },
      logConfig: logSampleRate > 0 ? { enable: true, sampleRate: logSampleRate } : { enable: false },
      customResponseHeaders: this.headersOf(backend),
      // Of Google's own client the API tells the id as " ", which would be a difference in every plan.
      lifecycle: iap ? { ...LEFT_FIRST, ...lifecycle(false, ["iap[0].oauth2_client_id"]) } : LEFT_FIRST,
    });
  }

  private backendBucket(scope: Construct, key: string, backend: BucketBackend): ComputeBackendBucket {
    const { bucket, cdn, edgePolicy } = backend;
    return new ComputeBackendBucket(scope, key, {
      project: this.props.projectId,
      name: `${this.props.name}-${key}`,
      bucketName: bucket.bucketName,
      enableCdn: cdn !== undefined,
      cdnPolicy: cdn && cdnPolicy(cdn),
      compressionMode: cdn && "AUTOMATIC",
      edgeSecurityPolicy: edgePolicy?.securityPolicyId,
      customResponseHeaders: this.headersOf(backend),
      lifecycle: LEFT_FIRST,
    });
  }

  private headersOf({ responseHeaders = {} }: CloudRunBackend | BucketBackend): string[] {
    const { maxAgeSeconds, includeSubdomains, preload } = this.props.hsts ?? { maxAgeSeconds: 31_536_000 };
    const headers = {
      "Strict-Transport-Security": [
        `max-age=${maxAgeSeconds}`,
        ...(includeSubdomains ? ["includeSubDomains"] : []),
        ...(preload ? ["preload"] : []),
      ].join("; "),
      "X-Content-Type-Options": "nosniff",
      ...responseHeaders,
    };
    return Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
  }

  /** Lets IAP ask the services that are behind it, and its members through. */
  private identityAwareProxy(backends: Readonly<Record<Key, { readonly name: string }>>): void {
    const { projectId: project, googleBeta } = this.props;
    const guarded = Object.entries<CloudRunBackend | BucketBackend>(this.props.backends).flatMap(
      ([key, backend]) =>
        !isBucket(backend) && backend.iap
          ? [{ key, service: backend.service, members: backend.iap.members }]
          : [],
    );
    if (guarded.length === 0) return;
    const scope = new Construct(this, "iap");
    const agent = new GoogleProjectServiceIdentity(scope, "agent", {
      provider: googleBeta,
      project,
      service: "iap.googleapis.com",
    });
    for (const { key, service, members } of guarded) {
      const access = new Construct(scope, key);
      new CloudRunV2ServiceIamMember(access, "invoker", {
        project,
        location: service.region,
        name: service.name,
        role: "roles/run.invoker",
        member: agent.member,
      });
      const through = new Construct(access, "member");
      for (const [name, member] of Object.entries(members))
        new IapWebBackendServiceIamMember(through, name, {
          project,
          webBackendService: backends[key as Key].name,
          role: "roles/iap.httpsResourceAccessor",
          member,
        });
    }
  }

  private pathMatcher(host: string, { routes, defaultBackend }: HostRoutes<Key>): ComputeUrlMapPathMatcher {
    return {
      name: slug(host),
      ...this.otherwise(defaultBackend),
      pathRule: routes?.map(({ paths, backend, rewrite }) => ({
        paths: [...paths],
        service: this.backendIds[backend],
        routeAction: rewrite === undefined ? undefined : { urlRewrite: { pathPrefixRewrite: rewrite } },
      })),
    };
  }

  /** What happens to requests that nothing says anything about. */
  private otherwise(backend: Key | undefined) {
    if (backend !== undefined) return { defaultService: this.backendIds[backend] };
    const services = Object.entries<CloudRunBackend | BucketBackend>(this.props.backends);
    const [key] = services.find(([, each]) => !isBucket(each)) as [Key, CloudRunBackend];
    return { defaultService: this.backendIds[key], defaultRouteAction: REFUSED };
  }
}

/** Of what a network endpoint group is for, which cannot change: another service is another group, of another name. */
function hashOf({ name, region, tag }: ServerlessService): string {
  const text = `${region}/${name}${tag ? `/${tag}` : ""}`;
  if (Token.isUnresolved(text)) return expression`substr(sha256(${text}), 0, 6)`;
  return createHash("sha256").update(text).digest("hex").slice(0, 6);
}

function cdnPolicy({ cacheMode = "CACHE_ALL_STATIC", queryParameters, ...cdn }: CdnSettings) {
  return {
    cacheMode,
    defaultTtl: cdn.defaultTtl,
    maxTtl: cdn.maxTtl,
    clientTtl: cdn.clientTtl,
    negativeCaching: cdn.negativeCaching ?? true,
    serveWhileStale: cdn.serveWhileStale,
    cacheKeyPolicy: queryParameters && { queryStringWhitelist: [...queryParameters] },
  };
}
