import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { TerraformVariable } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { LoadBalancer, type LoadBalancerProps } from "../../../lib/google/load-balancer";
import { synthesize } from "../../support/synth";

const SERVICE = { name: "server", region: "us-central1" };
const server = { service: SERVICE, securityPolicy: { securityPolicyId: "policy", isEdge: false } };
const site = { bucket: { bucketName: "shop-site", isPublic: true } };
const certificate = {
  mapId: "projects/shop/locations/global/certificateMaps/shop",
  certificateIds: { "example.com": "c1", "*.example.com": "c2" },
};

function balancer(props: Partial<LoadBalancerProps> = {}, look?: (made: LoadBalancer, stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const made = new LoadBalancer(stack, "edge", {
      projectId: "shop",
      name: "shop",
      certificate,
      backends: { server },
      hosts: { "api.example.com": { routes: [{ paths: ["/api/*"], backend: "server" }] } },
      deletionProtection: true,
      ...props,
    });
    look?.(made, stack);
  });
}

const SERVER = "${google_compute_backend_service.edge_backend_server.id}";
const REFUSED = { fault_injection_policy: { abort: { http_status: 404, percentage: 100 } } };

describe("LoadBalancer", () => {
  test("serves HTTPS with the certificate map, by current TLS", () => {
    const stack = balancer({ keepAliveSeconds: 30 });
    expect(stack.resource("google_compute_target_https_proxy", "edge_https_proxy")).toEqual({
      project: "shop",
      name: "shop-https",
      url_map: "${google_compute_url_map.edge.id}",
      certificate_map:
        "//certificatemanager.googleapis.com/projects/shop/locations/global/certificateMaps/shop",
      ssl_policy: "${google_compute_ssl_policy.edge_tls.id}",
      http_keep_alive_timeout_sec: 30,
    });
    expect(stack.resource("google_compute_ssl_policy", "edge_tls")).toEqual({
      project: "shop",
      name: "shop",
      profile: "MODERN",
      min_tls_version: "TLS_1_2",
    });
    expect(
      balancer({ tlsProfile: "RESTRICTED" }).resource("google_compute_ssl_policy", "edge_tls")["profile"],
    ).toBe("RESTRICTED");
  });

  test("answers HTTP by a redirect alone", () => {
    const stack = balancer();
    expect(stack.resource("google_compute_target_http_proxy", "edge_http_proxy")).toMatchObject({
      url_map: "${google_compute_url_map.edge_redirect.id}",
    });
    expect(stack.resource("google_compute_url_map", "edge_redirect")).toEqual({
      project: "shop",
      name: "shop-redirect",
      default_url_redirect: {
        https_redirect: true,
        redirect_response_code: "MOVED_PERMANENTLY_DEFAULT",
        strip_query: false,
      },
    });
  });

  test("has an address, which is kept, and a forwarding rule per port, for IPv4 and, when asked for, IPv6", () => {
    const labels = { environment: "test" };
    const stack = balancer({ ipv6: true, labels });
    expect(stack.resource("google_compute_global_address", "edge_ipv4")).toEqual({
      project: "shop",
      name: "shop-ipv4",
      address_type: "EXTERNAL",
      ip_version: "IPV4",
      labels,
      lifecycle: { prevent_destroy: true },
    });
    expect(stack.resource("google_compute_global_address", "edge_ipv6")["ip_version"]).toBe("IPV6");
    expect(stack.resource("google_compute_global_forwarding_rule", "edge_https_ipv4")).toEqual({
      project: "shop",
      name: "shop-https-ipv4",
      load_balancing_scheme: "EXTERNAL_MANAGED",
      ip_protocol: "TCP",
      ip_address: "${google_compute_global_address.edge_ipv4.id}",
      port_range: "443",
      target: "${google_compute_target_https_proxy.edge_https_proxy.id}",
      labels,
    });
    expect(stack.resource("google_compute_global_forwarding_rule", "edge_http_ipv6")).toMatchObject({
      ip_address: "${google_compute_global_address.edge_ipv6.id}",
      port_range: "80",
      target: "${google_compute_target_http_proxy.edge_http_proxy.id}",
    });
    const least = balancer({ deletionProtection: false });
    expect(Object.keys(least.resources("google_compute_global_address"))).toEqual(["edge_ipv4"]);
    expect(least.resource("google_compute_global_address", "edge_ipv4")["lifecycle"]).toBeUndefined();
  });

  test("a Cloud Run service is behind Cloud Armor, with its requests in the log and headers of safety", () => {
    const stack = balancer();
    expect(stack.resource("google_compute_backend_service", "edge_backend_server")).toEqual({
      project: "shop",
      name: "shop-server",
      load_balancing_scheme: "EXTERNAL_MANAGED",
      protocol: "HTTPS",
      backend: [
        { group: "${google_compute_region_network_endpoint_group.edge_backend_server_endpoints.id}" },
      ],
      security_policy: "policy",
      log_config: { enable: true, sample_rate: 1 },
      custom_response_headers: [
        "Strict-Transport-Security: max-age=31536000",
        "X-Content-Type-Options: nosniff",
      ],
      lifecycle: { create_before_destroy: true },
    });
  });

  test("a service without Cloud Armor says why, where people and policy read it", () => {
    const backends = { server: { ...server, securityPolicy: { none: "a status page" } } };
    const made = balancer({ backends }).resource("google_compute_backend_service", "edge_backend_server");
    expect(made["description"]).toBe("Without Cloud Armor: a status page");
    expect(made["security_policy"]).toBeUndefined();
  });

  test("logs a share of the requests, or none", () => {
    const logged = (logSampleRate: number) =>
      balancer({ backends: { server: { ...server, logSampleRate } } }).resource(
        "google_compute_backend_service",
        "edge_backend_server",
      )["log_config"];
    expect([logged(0.1), logged(0)]).toEqual([{ enable: true, sample_rate: 0.1 }, { enable: false }]);
  });

  test("another service is another endpoint group of another name, there before the old one goes", () => {
    const group = (service: typeof SERVICE & { tag?: string }) =>
      balancer({ backends: { server: { ...server, service } } }).resource(
        "google_compute_region_network_endpoint_group",
        "edge_backend_server_endpoints",
      );
    const first = group(SERVICE);
    expect(first).toMatchObject({
      name: expect.stringMatching(/^shop-server-[0-9a-f]{6}$/),
      region: "us-central1",
      network_endpoint_type: "SERVERLESS",
      cloud_run: { service: "server" },
      lifecycle: { create_before_destroy: true },
    });
    expect(group({ ...SERVICE, name: "other" })["name"]).not.toBe(first["name"]);
    expect(group({ ...SERVICE, region: "europe-west1" })["name"]).not.toBe(first["name"]);
    expect(group(SERVICE)["name"]).toBe(first["name"]);
    const tagged = group({ ...SERVICE, tag: "canary" });
    expect(tagged["cloud_run"]).toEqual({ service: "server", tag: "canary" });
    expect(tagged["name"]).not.toBe(first["name"]);
  });

  test("of a service whose name Terraform alone knows the name is made there, to the same", () => {
    const stack = synthesize((scope) => {
      new GoogleProvider(scope, "google");
      const name = new TerraformVariable(scope, "service", { type: "string" }).stringValue;
      new LoadBalancer(scope, "edge", {
        projectId: "shop",
        name: "shop",
        certificate,
        backends: { server: { ...server, service: { name, region: "us-central1" } } },
        hosts: { "example.com": { defaultBackend: "server" } },
        deletionProtection: true,
      });
    });
    const group = stack.resource(
      "google_compute_region_network_endpoint_group",
      "edge_backend_server_endpoints",
    );
    expect(group["name"]).toBe('shop-server-${substr(sha256("us-central1/${var.service}"), 0, 6)}');
  });

  test("a bucket is cached as asked for, and has a policy of the edge", () => {
    const bucketOf = (more: object) =>
      balancer({
        backends: { site: { ...site, ...more } },
        hosts: { "example.com": { defaultBackend: "site" } },
        defaultBackend: "site",
      }).resource("google_compute_backend_bucket", "edge_backend_site");
    expect(bucketOf({})).toEqual({
      project: "shop",
      name: "shop-site",
      bucket_name: "shop-site",
      enable_cdn: false,
      custom_response_headers: [
        "Strict-Transport-Security: max-age=31536000",
        "X-Content-Type-Options: nosniff",
      ],
      lifecycle: { create_before_destroy: true },
    });
    const cached = bucketOf({
      cdn: { defaultTtl: 60, maxTtl: 120, clientTtl: 30, serveWhileStale: 0, queryParameters: ["v"] },
      edgePolicy: { securityPolicyId: "edge", isEdge: true },
    });
    expect(cached).toMatchObject({
      enable_cdn: true,
      compression_mode: "AUTOMATIC",
      edge_security_policy: "edge",
      cdn_policy: {
        cache_mode: "CACHE_ALL_STATIC",
        default_ttl: 60,
        max_ttl: 120,
        client_ttl: 30,
        negative_caching: true,
        serve_while_stale: 0,
        cache_key_policy: { query_string_whitelist: ["v"] },
      },
    });
  });

  test("headers: HSTS as asked for, and a backend's own", () => {
    const made = balancer({
      hsts: { maxAgeSeconds: 63_072_000, includeSubdomains: true, preload: true },
      backends: { server: { ...server, responseHeaders: { "Referrer-Policy": "no-referrer" } } },
    }).resource("google_compute_backend_service", "edge_backend_server");
    expect(made["custom_response_headers"]).toEqual([
      "Strict-Transport-Security: max-age=63072000; includeSubDomains; preload",
      "X-Content-Type-Options: nosniff",
      "Referrer-Policy: no-referrer",
    ]);
  });

  test("paths lead to backends, with another beginning where asked for; what leads nowhere gets 404 from Google itself", () => {
    const stack = balancer({
      backends: { site, server },
      hosts: {
        "api.example.com": {
          routes: [
            { paths: ["/api/*", "/health"], backend: "server" },
            { paths: ["/dashboard", "/dashboard/*"], backend: "site", rewrite: "/" },
          ],
        },
        "example.com": { defaultBackend: "site" },
      },
    });
    const SITE = "${google_compute_backend_bucket.edge_backend_site.id}";
    expect(stack.resource("google_compute_url_map", "edge")).toEqual({
      project: "shop",
      name: "shop",
      default_service: SERVER,
      default_route_action: REFUSED,
      host_rule: [
        { hosts: ["api.example.com"], path_matcher: "api-example-com" },
        { hosts: ["example.com"], path_matcher: "example-com" },
      ],
      path_matcher: [
        {
          name: "api-example-com",
          default_service: SERVER,
          default_route_action: REFUSED,
          path_rule: [
            { paths: ["/api/*", "/health"], service: SERVER },
            {
              paths: ["/dashboard", "/dashboard/*"],
              service: SITE,
              route_action: { url_rewrite: { path_prefix_rewrite: "/" } },
            },
          ],
        },
        { name: "example-com", default_service: SITE },
      ],
    });
  });

  test("other hosts lead to a backend where one is named", () => {
    const map = balancer({ defaultBackend: "server" }).resource("google_compute_url_map", "edge");
    expect([map["default_service"], map["default_route_action"]]).toEqual([SERVER, undefined]);
  });

  test("IAP lets its members through, asks the service as Google's agent, and leaves the client to Google", () => {
    const stack = synthesize((scope) => {
      new GoogleProvider(scope, "google");
      const googleBeta = new GoogleBetaProvider(scope, "google-beta");
      new LoadBalancer(scope, "edge", {
        projectId: "shop",
        name: "shop",
        certificate,
        backends: { server: { ...server, iap: { members: { developers: "group:developers@example.com" } } } },
        hosts: { "example.com": { defaultBackend: "server" } },
        googleBeta,
        deletionProtection: true,
      });
    });
    expect(stack.resource("google_compute_backend_service", "edge_backend_server")).toMatchObject({
      iap: { enabled: true },
      lifecycle: { create_before_destroy: true, ignore_changes: ["iap[0].oauth2_client_id"] },
    });
    expect(stack.resource("google_project_service_identity", "edge_iap_agent")).toMatchObject({
      provider: "google-beta",
      service: "iap.googleapis.com",
    });
    expect(stack.resource("google_cloud_run_v2_service_iam_member", "edge_iap_server_invoker")).toEqual({
      project: "shop",
      location: "us-central1",
      name: "server",
      role: "roles/run.invoker",
      member: "${google_project_service_identity.edge_iap_agent.member}",
    });
    expect(
      stack.resource("google_iap_web_backend_service_iam_member", "edge_iap_server_member_developers"),
    ).toEqual({
      project: "shop",
      web_backend_service: "${google_compute_backend_service.edge_backend_server.name}",
      role: "roles/iap.httpsResourceAccessor",
      member: "group:developers@example.com",
    });
  });

  test("outputs: addresses for DNS, the URL map for invalidations, backends for metrics", () => {
    const { outputs } = balancer({ ipv6: true }, (made, stack) => {
      stack.output("v4", { value: made.ipv4Address });
      stack.output("v6", { value: made.ipv6Address });
      stack.output("map", { value: made.urlMapName });
      stack.output("backends", { value: made.backendNames });
    });
    expect(outputs).toEqual({
      v4: { value: "${google_compute_global_address.edge_ipv4.address}" },
      v6: { value: "${google_compute_global_address.edge_ipv6.address}" },
      map: { value: "${google_compute_url_map.edge.name}" },
      backends: { value: { server: "${google_compute_backend_service.edge_backend_server.name}" } },
    });
  });
});
