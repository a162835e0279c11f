import { applyEdits, modify } from "jsonc-parser";
import { z } from "zod";
import type { RevisionTraffic } from "../google/cloud-run/props";
import { text } from "../input/fields";

/** What of a service on Cloud Run runs in an environment. */
export interface Release {
  /** Digest of its image, `sha256:…`. Another one is another revision. */
  readonly image: string;
  /** Which revisions answer. @default the newest, as before a first canary */
  readonly traffic?: RevisionTraffic;
}

/** What runs where: releases by environment and service. */
export type Releases = Readonly<Record<string, Readonly<Record<string, Release>>>>;

/** How a text of releases is read. @throws {InvalidInputError} with everything that is wrong */
export type ParseReleases = (text: string, file: string) => Releases;

const revision = (description: string) =>
  text({
    description,
    format: "a revision's hash",
    advice: "write the eight digits after the service's name, as `plue canary show` tells them",
    pattern: /^[0-9a-f]{8}$/,
    example: "3f2a91c0",
  });

const release = z
  .strictObject({
    image: text({
      description: "Digest of the image, as the registry tells it. Another one is another revision.",
      format: "a digest",
      advice: "write sha256: and its 64 hexadecimal digits; a tag may be another image tomorrow",
      pattern: /^sha256:[0-9a-f]{64}$/,
      example: `sha256:${"0".repeat(64)}`,
    }),
    traffic: z
      .strictObject({
        stable: revision("Revision that everybody gets who does not get the canary."),
        canary: z
          .strictObject({
            revision: revision("Revision that a share of the requests goes to."),
            percent: z
              .int()
              .min(0)
              .max(100)
              .meta({ description: "Per cent of the requests.", examples: [10] }),
          })
          .meta({ description: "Revision that is being tried with a share of the requests." })
          .optional(),
      })
      .meta({ description: "Which revisions answer. Without it the newest does, as in a first deployment." })
      .optional(),
  })
  .meta({ description: "What of one service runs in one environment." });

/**
 * Shape of a file of releases: for each environment one of each service.
 * @param environments names of the system's environments
 * @param services names of its services
 */
export function releasesSchema<Environment extends string, Service extends string>(
  environments: readonly Environment[],
  services: readonly Service[],
) {
  const of = <Key extends string, Value extends z.ZodType>(keys: readonly Key[], value: Value) =>
    Object.fromEntries(keys.map((key) => [key, value])) as Record<Key, Value>;
  return z
    .strictObject({
      $schema: z.string().optional(),
      ...of(environments, z.strictObject(of(services, release))),
    })
    .meta({ title: "What runs where", description: "`plue canary` edits it." });
}

/** The text with another release of a service in an environment; nothing else differs. */
export function setRelease(text: string, environment: string, service: string, changed: Release): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes("\r\n") ? "\r\n" : "\n" };
  return applyEdits(text, modify(text, [environment, service], changed, { formattingOptions }));
}
