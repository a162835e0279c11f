import type { CloudflareCdnProps } from "../../lib/cloudflare/cdn";
import type { CdnRateLimits } from "../../lib/google/cloud-armor";

/** Where the API serves repositories to Git, as `https://plue.dev/git/<owner>/<name>.git`: the charts' route has it, too. */
const GIT = "/git/";
/** Where GitHub and other servers report events, all of them from few addresses. */
const WEBHOOKS = "/api/webhooks/";

/**
 * Limits at the load balancer: plan pro has two rules, which sign-in and API have. By Cloudflare's word for whose request it is.
 * A fetch or push is two or three requests, and many machines may share an address; a server that sends webhooks sends
 * everybody's.
 */
export const ORIGIN_RATE_LIMITS: CdnRateLimits = {
  clientAddressHeader: "CF-Connecting-IP",
  paths: [
    { path: GIT, description: "Clones and pushes from one address", requests: 600 },
    { path: WEBHOOKS, description: "Webhooks from one address", requests: 6000 },
  ],
};

/**
 * Cache rules and rate limits of production's Cloudflare zone. Nothing is cached but built assets, trees and blobs by commit hash (which
 * never change) and refs, each for as long as the API says: a year, a year and five seconds. Plan pro would not let
 * the edge itself set five seconds.
 *
 * Cookie name and sign-in path are the API's and stand in no document; they have to change here when they change there. The
 * name that docs/application.md asks for, `__Host-session`, holds it.
 *
 * Source: infrastructure document, section "Production Architecture"; migration document, section "Phase 3: Simplify
 * Git File Serving".
 */
export function productionEdge(domain: string): Omit<CloudflareCdnProps, "zoneId"> {
  // Programs call api.plue.dev, browsers plue.dev/api.
  const onApi = `(http.host eq "api.${domain}" or starts_with(http.request.uri.path, "/api/"))`;
  const below = (path: string) => `starts_with(http.request.uri.path, "${path}")`;
  const limitedAtOrigin = `(${[GIT, WEBHOOKS].map(below).join(" or ")})`;
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
        expression: `${onApi} and not ${limitedAtOrigin}`,
        requests: 1000,
        period: 60,
        blockFor: 600,
      },
    ],
    managedRules: {
      // Packs are binary, and events quote commits: both look like attacks. The API checks a token or signature first.
      except: `${limitedAtOrigin} and http.request.method eq "POST"`,
    },
  };
}
