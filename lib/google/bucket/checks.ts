import { Token } from "cdktf";
import { type PropProblem, problemsIn, wholeNumber } from "../../core/invalid-props";
import { PUBLIC_LABEL } from "../../core/labels";
import { keyRingLocation } from "../kms";
import { type BucketAccess, type BucketProps, type CorsRule, grantsOf, type LifecycleRule } from "./props";

/** Locations of several places. Of the last two Google does not say where a key would be. */
const PLACES = ["US", "EU", "ASIA", "ASIA1", "EUR4", "EUR5", "NAM4", "EUR7", "EUR8"];
const WITHOUT_KEYS = ["EUR7", "EUR8"];

/** What is wrong with a bucket's props. */
export function problems(props: BucketProps): PropProblem[] {
  const { name, location, versioning, softDeleteDays, retentionDays, retentionLocked } = props;
  const found: PropProblem[] = [];
  if (!Token.isUnresolved(name) && !isBucketName(name))
    found.push({
      prop: ["name"],
      problem: `"${name}" is no bucket name`,
      instead: "use 3 to 63 lower-case letters, digits and -, first and last no -, without google or goog-",
    });
  if (!PLACES.includes(location) && !/^[a-z]+-[a-z]+\d+$/.test(location))
    found.push({
      prop: ["location"],
      problem: `is "${location}"`,
      instead: `give a region such as "us-central1", or one of ${PLACES.join(", ")}`,
    });
  else found.push(...keyProblems(props));
  if (versioning && versioning.days === undefined && versioning.keep === undefined)
    found.push({
      prop: ["versioning"],
      problem: "keeps old versions for ever",
      instead: "give days or keep",
    });
  found.push(
    ...wholeNumber(["versioning", "days"], versioning?.days, { from: 1, unit: "days", optional: true }),
    ...wholeNumber(["versioning", "keep"], versioning?.keep, { from: 1, optional: true }),
  );
  if (softDeleteDays !== 0)
    found.push(
      ...wholeNumber(["softDeleteDays"], softDeleteDays, {
        from: 7,
        to: 90,
        unit: "days",
        optional: true,
      }).map((problem) => ({ ...problem, instead: `${problem.instead}, or 0 for none` })),
    );
  // A hundred years.
  found.push(
    ...wholeNumber(["retentionDays"], retentionDays, { from: 1, to: 36_500, unit: "days", optional: true }),
  );
  if (retentionLocked && retentionDays === undefined)
    found.push({
      prop: ["retentionLocked"],
      problem: "is on, and nothing is retained",
      instead: "give retentionDays",
    });
  for (const [index, rule] of (props.lifecycleRules ?? []).entries())
    found.push(...problemsIn(["lifecycleRules", index], ruleProblems(rule, versioning !== undefined)));
  for (const [index, rule] of (props.cors ?? []).entries())
    found.push(...problemsIn(["cors", index], corsProblems(rule)));
  for (const path of Object.keys(props.managedFolders ?? {}))
    if (!/^[^/\s]+(\/[^/\s]+)*$/.test(path))
      found.push({
        prop: ["managedFolders", path],
        problem: `"${path}" is no path of a folder`,
        instead: 'give names with / between them, such as "reports/daily"',
      });
  return [...found, ...publicProblems(props)];
}

function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name) && !/google|^goog/.test(name);
}

function keyProblems({ location, encryptionKey }: BucketProps): PropProblem[] {
  if (!encryptionKey) return [];
  if (WITHOUT_KEYS.includes(location))
    return [
      {
        prop: ["encryptionKey"],
        problem: `is given in ${location}, for which no location of keys is known`,
        instead: "leave it out, or take another location",
      },
    ];
  const wanted = keyRingLocation(location);
  if (keyRingLocation(encryptionKey.location) === wanted) return [];
  return [
    {
      prop: ["encryptionKey"],
      problem: `is in ${encryptionKey.location}, and the bucket in ${location}`,
      instead: `give a key whose ring is in ${wanted}`,
    },
  ];
}

function ruleProblems(rule: LifecycleRule, versioned: boolean): PropProblem[] {
  const { ageDays, noncurrentDays, newerVersions } = rule;
  const positive = { from: 1, optional: true };
  const found = [
    ...wholeNumber(["ageDays"], ageDays, { ...positive, unit: "days" }),
    ...wholeNumber(["noncurrentDays"], noncurrentDays, { ...positive, unit: "days" }),
    ...wholeNumber(["newerVersions"], newerVersions, positive),
  ];
  const old = noncurrentDays !== undefined || newerVersions !== undefined;
  if (ageDays === undefined && !old)
    found.push({
      prop: ["action"],
      problem: `is ${rule.action} at once, without an age`,
      instead: "give ageDays, noncurrentDays or newerVersions",
    });
  if (old && !versioned)
    found.push({
      prop: [noncurrentDays === undefined ? "newerVersions" : "noncurrentDays"],
      problem: "is about old versions, and none are kept",
      instead: "give the bucket versioning, or ageDays here",
    });
  if (rule.action === "ABORT_UPLOADS" && (old || rule.classes))
    found.push({
      prop: ["action"],
      problem: "is ABORT_UPLOADS with a condition that uploads do not have",
      instead: "give ageDays, prefixes and suffixes alone",
    });
  return found;
}

function corsProblems({ origins, methods, maxAgeSeconds }: CorsRule): PropProblem[] {
  const found = wholeNumber(["maxAgeSeconds"], maxAgeSeconds, {
    from: 0,
    to: 86_400,
    unit: "seconds",
    optional: true,
  });
  if (origins.length === 0 || methods.length === 0)
    found.push({
      prop: [origins.length === 0 ? "origins" : "methods"],
      problem: "is empty, so the rule lets nobody in",
      instead: "name one at least",
    });
  for (const [index, origin] of origins.entries())
    if (origin !== "*" && !/^https?:\/\/[^/\s]+$/.test(origin))
      found.push({
        prop: ["origins", index],
        problem: `is "${origin}"`,
        instead: 'give an origin without a path, such as "https://app.example.com", or "*"',
      });
  return found;
}

function publicProblems(props: BucketProps): PropProblem[] {
  const { publicRead = false, labels = {} } = props;
  const found: PropProblem[] = [];
  if (publicRead && labels["access"] !== undefined && labels["access"] !== PUBLIC_LABEL["access"])
    found.push({
      prop: ["labels", "access"],
      problem: `is "${labels["access"]}" for a bucket that everybody may read`,
      instead: "leave it out",
    });
  if (!publicRead && labels["access"] === PUBLIC_LABEL["access"])
    found.push({
      prop: ["labels", "access"],
      problem: "says that the bucket is public",
      instead: "set publicRead, or leave it out",
    });
  const folders = Object.entries(props.managedFolders ?? {}).map(([path, access]) => ({
    at: ["managedFolders", path],
    access,
  }));
  for (const { at, access } of [{ at: [], access: props as BucketAccess }, ...folders])
    for (const { kind, name, member } of grantsOf(access))
      if (/^all(Authenticated)?Users$/.test(member))
        found.push({
          prop: [...at, kind, name],
          problem: `is ${member}, everybody`,
          instead: "name a group, a service account or a person, or set publicRead",
        });
  return found;
}
