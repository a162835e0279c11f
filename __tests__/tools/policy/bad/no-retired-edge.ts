import type { BadStacks } from "../../../support/bad-stacks";

const raw =
  (type: string): BadStacks[string] =>
  (bad) =>
    bad.raw(type, { name: "shop" });

export default {
  "a certificate that waits for its domain": raw("google_compute_managed_ssl_certificate"),
  "a certificate with its key in the state": raw("google_compute_ssl_certificate"),
  "one in a region": raw("google_compute_region_ssl_certificate"),
  "a brand of IAP's": raw("google_iap_brand"),
  "a client of IAP's": raw("google_iap_client"),
} satisfies BadStacks;
