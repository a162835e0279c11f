import { blocksOf, type TerraformJson } from "../../lib/core/terraform-json";
import { REQUEST } from "../google/api";
import { faultOf } from "../google/error";
import { authLibrary } from "../google/library";
import type { StoredStack } from "../state/state-bucket";
import type { Check } from "./tools";

const API = "https://api.cloudflare.com/client/v4";
const TOKENS = "https://dash.cloudflare.com/profile/api-tokens";

interface Zone {
  readonly name: string;
  readonly status: string;
  readonly plan?: { readonly name?: string };
}

interface Ruleset {
  readonly id: string;
  readonly kind: string;
  readonly phase: string;
}

interface Answer {
  readonly errors?: readonly { readonly message?: string }[];
}

/**
 * The zone of a stack with Cloudflare's provider, as its token sees it: there, active, and without rules of others in the
 * phases that the stack's first deployment takes over. CLOUDFLARE_BASE_URL names another address, for the provider too.
 *
 * @param own the stack's state, where it has one that can be read
 * @see https://developers.cloudflare.com/api/resources/zones/methods/get/
 */
export async function checkZone(json: TerraformJson, own: StoredStack | undefined): Promise<Check[]> {
  if (!json.provider?.["cloudflare"]) return [];
  const { CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_BASE_URL = API } = process.env;
  const check = { name: "cloudflare", needed: true, ok: false };
  if (!token)
    return [
      {
        ...check,
        found: "CLOUDFLARE_API_TOKEN is not set",
        mend: `export CLOUDFLARE_API_TOKEN=…   # ${TOKENS}`,
      },
    ];
  const blocks = blocksOf(json);
  const zoneId = blocks.find(({ args }) => args["zone_id"])?.args["zone_id"];
  const { PassThroughClient } = authLibrary();
  const read = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${token}` };
    const url = `${CLOUDFLARE_BASE_URL}/zones/${zoneId}${path}`;
    return (await new PassThroughClient().request<{ result: T }>({ ...REQUEST, url, headers })).data.result;
  };
  try {
    const { name, status, plan } = await read<Zone>("");
    if (status !== "active")
      return [
        {
          ...check,
          found: `the zone ${name} is ${status}: its registrar must name Cloudflare's name servers`,
        },
      ];
    const found: Check = { ...check, ok: true, found: `the zone ${name}, plan ${plan?.name ?? "unknown"}` };
    const phases = blocks
      .filter(({ type }) => type === "cloudflare_ruleset")
      .map(({ args }) => args["phase"]);
    const deployed = own?.state?.resources.some((address) => address.startsWith("cloudflare_ruleset."));
    if (phases.length === 0 || deployed) return [found];
    const foreign = (await read<Ruleset[]>("/rulesets")).filter(
      ({ kind, phase }) => kind === "zone" && phases.includes(phase),
    );
    if (foreign.length === 0) return [found];
    return [
      found,
      {
        ...check,
        found: `rules that somebody else made stand in ${foreign.map(({ phase }) => phase).join(", ")}, which this stack owns as a whole`,
        mend: "remove them: https://dash.cloudflare.com/?to=/:account/:zone",
      },
    ];
  } catch (error) {
    return [{ ...check, ...explain(error, String(zoneId)) }];
  }
}

/** What the failure of a read means. A good token may still be one that edits records and may not read the zone. */
function explain(error: unknown, zoneId: string): Pick<Check, "needed" | "found" | "mend"> {
  if (faultOf(error) === "network") return { needed: true, found: "Cloudflare cannot be reached" };
  const { response } = error as { response?: { status?: number; data?: Answer } };
  const said = response?.data?.errors?.[0]?.message ?? `HTTP status ${response?.status}`;
  if (response?.status === 403 && !/invalid/i.test(said))
    return {
      needed: false,
      found: `not looked at, as the token may not read the zone ${zoneId} or its rules (${said})`,
      mend: TOKENS,
    };
  return {
    needed: true,
    found: `cannot read the zone ${zoneId} (${said}): check cloudflareZoneId and CLOUDFLARE_API_TOKEN`,
    mend: TOKENS,
  };
}
