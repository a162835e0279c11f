import type { CloudflareCdnProps } from "../../lib/cloudflare/cdn";

/**
 * Cache rules and rate limits of production's Cloudflare zone. Nothing is cached but built assets, trees and blobs by commit hash (which
 * never change) and refs, each for as long as the API says: a year, a year and five seconds. Plan pro would not let
 * the edge itself set five seconds.
 *
 * Cookie name and sign-in path are the API's and stand in no document; they have to change here when they change there.
 *
 * Source: infrastructure document, section "Production Architecture"; migration document, section "Phase 3: Simplify
 * Git File Serving".
 */
export function productionEdge(domain: string): Omit<CloudflareCdnProps, "zoneId"> {
  // Programs call api.plue.dev, browsers plue.dev/api.
  const onApi = `(http.host eq "api.${domain}" or starts_with(http.request.uri.path, "/api/"))`;
  return {
    plan: "pro",
    sessionCookies: ["session"],
    cacheRules: [
      {
        ref: "static-assets",
        description: "Built assets, whose names hold a hash",
        expression: 'starts_with(http.request.uri.path, "/_astro/")',
        cache: "respect-origin",
      },
      {
        ref: "git-objects",
        description: "Trees and blobs by commit never change",
        expression:
          '(http.request.uri.path wildcard "/api/*/*/tree/*") or (http.request.uri.path wildcard "/api/*/*/blob/*")',
        cache: "respect-origin",
      },
      {
        ref: "git-refs",
        description: "Refs move: the API allows 5 seconds",
        expression: 'http.request.uri.path wildcard "/api/*/*/refs/*"',
        cache: "respect-origin",
      },
    ],
    rateLimits: [
      {
        ref: "sign-in",
        description: "Guessing of credentials",
        expression: 'starts_with(http.request.uri.path, "/api/auth/")',
        requests: 20,
        period: 60,
        blockFor: 600,
      },
      {
        ref: "api",
        description: "Floods from one address",
        expression: onApi,
        requests: 1000,
        period: 60,
        blockFor: 600,
      },
    ],
  };
}
