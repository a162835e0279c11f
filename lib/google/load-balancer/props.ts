import type { TerraformProvider } from "cdktf";
import type { Bucket } from "../bucket";
import type { Certificate } from "../certificate";
import type { CloudArmorPolicy } from "../cloud-armor";
import type { CloudRunService } from "../cloud-run/service";

/** A Cloud Run service, as far as a load balancer has to know it. */
export interface ServerlessService extends Pick<CloudRunService, "name" | "region"> {
  /** Tag of the one revision to ask, such as `canary`, whatever share of the others' requests it gets. @default as `traffic` says */
  readonly tag?: string;
}

/** A Cloud Armor policy, as a backend takes it. */
export type BackendPolicy = Pick<CloudArmorPolicy, "securityPolicyId" | "isEdge">;

/** What both kinds of backend have. */
export interface BackendProps {
  /**
   * Headers of each response, by name. They come beside the load balancer's own, Strict-Transport-Security and
   * X-Content-Type-Options.
   * @default none
   */
  readonly responseHeaders?: Record<string, string>;
}

/** Backend service of a Cloud Run service, by a serverless network endpoint group. */
export interface CloudRunBackend extends BackendProps {
  /**
   * The service, which has `ingress: "internal-and-cloud-load-balancing"`, and is `public` unless `iap` is given here. How long a request
   * may take is the service's own timeout, an hour at most: with these backends a load balancer has none.
   */
  readonly service: ServerlessService;
  /** Cloud Armor policy, or why there is none: that the service is behind IAP, or for whom it is. */
  readonly securityPolicy: BackendPolicy | { readonly none: string };
  /**
   * Identity-Aware Proxy with Google's own OAuth client: only these IAM members, people and groups of the project's organization, get
   * through, after signing in. By a short name of one's own.
   * @default everybody gets through
   */
  readonly iap?: { readonly members: Record<string, string> };
  /** Share of the requests that are written to the log, from 0 to 1. @default 1 */
  readonly logSampleRate?: number;
}

/** Cloud CDN in front of a bucket. */
export interface CdnSettings {
  /**
   * `CACHE_ALL_STATIC`: what is static by its type, and what the object's Cache-Control says; `USE_ORIGIN_HEADERS`: what Cache-Control
   * says alone; `FORCE_CACHE_ALL`: everything, whatever it says.
   * @default "CACHE_ALL_STATIC"
   */
  readonly cacheMode?: "CACHE_ALL_STATIC" | "USE_ORIGIN_HEADERS" | "FORCE_CACHE_ALL";
  /** Seconds for which Google keeps what says nothing itself. Not with `USE_ORIGIN_HEADERS`. @default 3600, Google's own */
  readonly defaultTtl?: number;
  /** Seconds for which Google keeps it at most. With `CACHE_ALL_STATIC` alone. @default 86400, Google's own */
  readonly maxTtl?: number;
  /** Seconds for which browsers keep it at most. Not with `USE_ORIGIN_HEADERS`. @default 3600, Google's own */
  readonly clientTtl?: number;
  /** Remember errors, such as 404, for two minutes. @default true */
  readonly negativeCaching?: boolean;
  /** Seconds for which something outdated is served while another is fetched, to 604800. @default 86400, Google's own */
  readonly serveWhileStale?: number;
  /** Query parameters by which copies differ. @default none: the query does not count */
  readonly queryParameters?: readonly string[];
}

/** Backend bucket. */
export interface BucketBackend extends BackendProps {
  /** The bucket, a `Bucket` with `publicRead`: the load balancer reads it as anybody would. */
  readonly bucket: Pick<Bucket, "bucketName" | "isPublic">;
  /** Cloud CDN, billed by what it serves and fills. @default none */
  readonly cdn?: CdnSettings;
  /** Cloud Armor policy with `edge`: buckets take no other. @default none */
  readonly edgePolicy?: BackendPolicy;
}

/** Where requests for some paths go. */
export interface PathRoute<Key extends string = string> {
  /** Paths: `/health`, or with all below it `/api/*`. */
  readonly paths: readonly string[];
  /** Key of the backend. */
  readonly backend: Key;
  /**
   * What the backend sees instead of the path, up to the `*`: with `/`, a bucket at `/dashboard/*` finds `app.js` for
   * `/dashboard/app.js`.
   * @default the path as it is
   */
  readonly rewrite?: string;
}

/** Where requests for a host go. */
export interface HostRoutes<Key extends string = string> {
  /** Paths of their own; the longest that fits decides. @default none */
  readonly routes?: readonly PathRoute<Key>[];
  /** Backend of all other paths. @default none: they get 404 */
  readonly defaultBackend?: Key;
}

export interface LoadBalancerProps<Key extends string = string> {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of the URL map, and what the names of the other parts start with. Changing it recreates them all, addresses included. */
  readonly name: string;
  /** Certificates, of all the hosts. */
  readonly certificate: Pick<Certificate, "mapId" | "certificateIds">;
  /** What answers, by a key that becomes part of names and Terraform addresses. */
  readonly backends: Readonly<Record<Key, CloudRunBackend | BucketBackend>>;
  /** Where requests go, by host: `api.example.com`, or `*.example.com` for all hosts one level below. */
  readonly hosts: Readonly<Record<string, HostRoutes<Key>>>;
  /** Backend of requests for other hosts. @default none: they get 404 */
  readonly defaultBackend?: Key;
  /** Reserve an IPv6 address too. @default false */
  readonly ipv6?: boolean;
  /** Ciphers: `RESTRICTED` leaves out what compliance forbids, and older clients with it. TLS is 1.2 at least. @default "MODERN" */
  readonly tlsProfile?: "MODERN" | "RESTRICTED";
  /** Strict-Transport-Security: how long browsers ask by HTTPS alone, which cannot be taken back. @default a year, this host alone */
  readonly hsts?: {
    /** Seconds, from 300. */
    readonly maxAgeSeconds: number;
    /** All hosts below too. @default false */
    readonly includeSubdomains?: boolean;
    /** For the lists that browsers ship; needs `includeSubdomains` and a year. @default false */
    readonly preload?: boolean;
  };
  /** Seconds that an idle connection of a client stays open, 5 to 1200. @default 610, Google's own */
  readonly keepAliveSeconds?: number;
  /** google-beta, which alone can create IAP's service agent. Needed where a backend has `iap`. @default none */
  readonly googleBeta?: TerraformProvider;
  /** Terraform refuses to destroy the addresses, which DNS points to and nobody gets back. Switch off and apply before a destroy. */
  readonly deletionProtection: boolean;
  /** Labels of addresses and forwarding rules; the other parts have none. @default none */
  readonly labels?: Record<string, string>;
}

/** Whether a backend is a bucket. */
export function isBucket(backend: CloudRunBackend | BucketBackend): backend is BucketBackend {
  return "bucket" in backend;
}
