// biome-ignore lint/style/noRestrictedImports: this is the one place
import fc from "fast-check";

/**
 * fast-check, with one seed for all properties: the same in every run of `npm test`, another one in each of
 * `npm run test:seeds`, which says it. A file that takes fast-check from here is run by that command by itself.
 */
export const SEED = Number(process.env["PROPERTY_SEED"] ?? 1);

fc.configureGlobal({ seed: SEED });

export default fc;
