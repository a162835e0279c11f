import { FREE, ruleset } from "./billing";
import type { DataSourceType, RequiredArgument, ResourceType } from "./row";

/** A setting of a zone, where it is the one that a resource sets. */
const setting = (id: string, is: readonly string[]): RequiredArgument => ({
  path: "value",
  is,
  write: `set ${id} to "${is[0]}"`,
  where: ({ args }) => args["setting_id"] === id,
});

export const CLOUDFLARE = {
  cloudflare_dns_record: { holdsData: false, billing: FREE },
  cloudflare_ruleset: { holdsData: false, billing: ruleset },
  cloudflare_zone_setting: {
    holdsData: false,
    tls: [
      setting("ssl", ["strict"]),
      setting("min_tls_version", ["1.2", "1.3"]),
      setting("always_use_https", ["on"]),
    ],
    billing: FREE,
  },
} satisfies Readonly<Record<`cloudflare_${string}`, ResourceType>>;

export const CLOUDFLARE_DATA = {
  cloudflare_ip_ranges: { reads: "public addresses" },
} satisfies Readonly<Record<`cloudflare_${string}`, DataSourceType>>;
