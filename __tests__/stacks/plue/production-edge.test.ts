import { ORIGIN_RATE_LIMITS, productionEdge } from "../../../stacks/plue/production-edge";

const edge = productionEdge("plue.example");

describe("what Cloudflare does in front of production", () => {
  test("a session's answers are nobody else's", () => {
    expect(edge.sessionCookies).toEqual(["session"]);
  });

  test("who guesses credentials is stopped for ten minutes, and so is who floods the API, on either of its hosts", () => {
    expect(edge.rateLimits).toMatchObject([
      { ref: "sign-in", requests: 20, period: 60, blockFor: 600 },
      { ref: "api", requests: 1000, period: 60, blockFor: 600 },
    ]);
    expect(edge.rateLimits?.[1]?.expression).toMatch(
      /^\(http\.host eq "api\.plue\.example" or starts_with\(http\.request\.uri\.path, "\/api\/"\)\) and not /,
    );
  });

  const elsewhere =
    '(starts_with(http.request.uri.path, "/git/") or starts_with(http.request.uri.path, "/api/webhooks/"))';

  test("Git and webhooks have limits of their own, at the load balancer, and none of the API's", () => {
    expect(edge.rateLimits?.[1]?.expression).toContain(` and not ${elsewhere}`);
    expect(ORIGIN_RATE_LIMITS).toMatchObject({
      clientAddressHeader: "CF-Connecting-IP",
      paths: [
        { path: "/git/", requests: 600 },
        { path: "/api/webhooks/", requests: 6000 },
      ],
    });
  });

  test("what is pushed and reported is not taken for an attack", () => {
    expect(edge.managedRules?.except).toBe(`${elsewhere} and http.request.method eq "POST"`);
  });
});
