import type { Placeholder } from "../../lib/environments/placeholders";
import type { Check } from "./tools";

/** Values of cdktf.json that are still the zeros that it came with. @param placeholders of which something is deployed */
export function checkPlaceholders(placeholders: readonly Placeholder[]): Check {
  const check = { name: "cdktf.json", needed: true };
  if (placeholders.length === 0) return { ...check, ok: true, found: "has every value that is needed" };
  return {
    ...check,
    ok: false,
    found: `still zeros: ${placeholders.map(({ path }) => path).join(", ")}`,
    mend: "npx plue init",
  };
}
