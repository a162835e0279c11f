import type { BadStacks } from "../../../support/bad-stacks";

const plain =
  (urlMap: Readonly<Record<string, unknown>>): BadStacks[string] =>
  (bad) => {
    bad.raw("google_compute_url_map", urlMap);
    bad.raw("google_compute_target_http_proxy", { url_map: "${google_compute_url_map.raw.id}" });
  };

export default {
  "a site in plain text": plain({ default_service: "site" }),
  "a redirect to plain text": plain({
    default_url_redirect: { host_redirect: "shop.example", strip_query: false },
  }),
  "a redirect with a host that is served": plain({
    default_url_redirect: { https_redirect: true, strip_query: false },
    host_rule: [{ hosts: ["shop.example"], path_matcher: "shop" }],
  }),
} satisfies BadStacks;
