import { z } from "zod";

const serviceAccount = z.strictObject({ name: z.string().min(1), googleServiceAccount: z.string() });

/** Values of the chart `application-base`: what its templates may read. */
export const chartValuesSchema = z.strictObject({
  chartHash: z
    .string()
    .regex(/^[0-9a-f]*$/)
    .describe(
      "Content hash of the chart, so that its change is a diff of the release. No template reads it.",
    ),
  projectId: z.string().describe("Google Cloud project of the secrets."),
  cluster: z.strictObject({ name: z.string(), location: z.string() }),
  orchestrator: serviceAccount,
  storeReader: serviceAccount.describe("As whom the operator reads the secrets."),
  secrets: z.record(z.string(), z.int().min(1)).describe("Versions by id of the secret."),
});

/** What a release of the chart passes. */
export type ApplicationBaseValues = Omit<z.infer<typeof chartValuesSchema>, "chartHash">;
