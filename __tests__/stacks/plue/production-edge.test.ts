import { productionEdge } from "../../../stacks/plue/production-edge";

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
    expect(edge.rateLimits?.[1]?.expression).toBe(
      '(http.host eq "api.plue.example" or starts_with(http.request.uri.path, "/api/"))',
    );
  });
});
