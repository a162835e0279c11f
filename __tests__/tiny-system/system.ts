import { join } from "node:path";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { App } from "cdktf";
import { z } from "zod";
import { Stack } from "../../lib/core/stack";
import { findPlaceholders } from "../../lib/environments/placeholders";
import type { Project, System } from "../../lib/environments/system";
import { Secrets } from "../../lib/google/secret-manager";
import { type EnvironmentFields, environmentFields } from "../../lib/input/configuration";
import { parseJson, readText } from "../../lib/input/read-json";

const schema = z.looseObject({
  context: z.looseObject({ tiny: z.strictObject({ dev: z.strictObject(environmentFields) }) }),
});
const parseConfig = (text: string, file: string) => parseJson(text, file, schema).context.tiny;

/** The smallest system: one environment of one stack, with one secret. */
export const tiny: System = {
  name: "tiny",
  readProject(directory = ".") {
    const file = join(directory, "cdktf.json");
    return tinyProject(parseConfig(readText(file), file).dev);
  },
  checkConfig: (text, file) => void parseConfig(text, file),
};

function tinyProject(dev: EnvironmentFields): Project {
  const { projectId, projectNumber, region, stateBucket } = dev;
  const account = (id: string) => `${id}@${projectId}.iam.gserviceaccount.com`;
  return {
    environments: { dev },
    production: "dev",
    base: "tiny-dev",
    declared: [
      {
        stack: "tiny-dev",
        environment: "dev",
        url: "https://tiny.dev",
        identities: {
          provider: `projects/${projectNumber}/locations/global/workloadIdentityPools/github/providers/github`,
          plan: account("terraform-plan"),
          apply: account("terraform-apply"),
        },
      },
    ],
    members: [],
    installation: [
      { variable: "project_id", description: "Google Cloud project.", value: projectId, form: "name" },
    ],
    placeholders: findPlaceholders({ dev }, ["dev"]),
    declare(app: App) {
      const stack = new Stack(app, "tiny-dev", { stateBucket });
      new GoogleProvider(stack, "google", { project: projectId, region });
      new Secrets(stack, "secrets", { projectId, secrets: { "api-key": {} }, deletionProtection: false });
    },
    stage: () => {},
    stateOwner: () => "dev",
    secretVersions: () => ({ "api-key": 1 }),
    room: () => [],
    engineerNames: () => undefined,
    withInstallation: ([project = projectId]) => tinyProject({ ...dev, projectId: project }),
  };
}
