import { nearest } from "../input/explain";

/** Letters of a region's zones, where nothing else is said. */
const ZONES = "abc";

/**
 * Google Cloud's regions with the letters of their zones. A region or zone that Google has opened since is one more line here.
 *
 * @see https://cloud.google.com/compute/docs/regions-zones
 */
const REGIONS: Readonly<Record<string, string>> = {
  "africa-south1": ZONES,
  "asia-east1": ZONES,
  "asia-east2": ZONES,
  "asia-northeast1": ZONES,
  "asia-northeast2": ZONES,
  "asia-northeast3": ZONES,
  "asia-south1": ZONES,
  "asia-south2": ZONES,
  "asia-southeast1": ZONES,
  "asia-southeast2": ZONES,
  "asia-southeast3": ZONES,
  "australia-southeast1": ZONES,
  "australia-southeast2": ZONES,
  "europe-central2": ZONES,
  "europe-north1": ZONES,
  "europe-north2": ZONES,
  "europe-southwest1": ZONES,
  "europe-west1": "bcd",
  "europe-west10": ZONES,
  "europe-west12": ZONES,
  "europe-west2": ZONES,
  "europe-west3": ZONES,
  "europe-west4": ZONES,
  "europe-west6": ZONES,
  "europe-west8": ZONES,
  "europe-west9": ZONES,
  "me-central1": ZONES,
  "me-central2": ZONES,
  "me-west1": ZONES,
  "northamerica-northeast1": ZONES,
  "northamerica-northeast2": ZONES,
  "northamerica-south1": ZONES,
  "southamerica-east1": ZONES,
  "southamerica-west1": ZONES,
  "us-central1": "abcf",
  "us-east1": "bcd",
  "us-east4": ZONES,
  "us-east5": ZONES,
  "us-south1": ZONES,
  "us-west1": ZONES,
  "us-west2": ZONES,
  "us-west3": ZONES,
  "us-west4": ZONES,
};

/** Names of all regions. */
export const REGION_NAMES: readonly string[] = Object.keys(REGIONS);

/** Names of a region's zones; none of a region that is not known here. */
export function zonesOf(region: string): string[] {
  return [...(REGIONS[region] ?? "")].map((letter) => `${region}-${letter}`);
}

/** The region that somebody may have meant. */
export function nearestRegion(name: string): string | undefined {
  return nearest(name, REGION_NAMES);
}
