import type { Storage } from "@google-cloud/storage";
import { CliError, EXIT } from "../command-line/errors";
import { actingAuth } from "./acting";

/**
 * Google's client of Cloud Storage, as application default credentials may; with STORAGE_EMULATOR_HOST of an emulator,
 * without credentials.
 *
 * @param projectId project that calls are made for
 * @param actingAs e-mail of a service account whose tokens are asked for; by default whose the credentials are
 * @throws {CliError} when STORAGE_EMULATOR_HOST names no host
 */
export function storageClient(projectId: string, actingAs?: string): Storage {
  // Takes a third of a second to load: only for commands that read state.
  const client = require("@google-cloud/storage") as typeof import("@google-cloud/storage");
  const retryOptions = { autoRetry: true, maxRetries: 1, totalTimeout: 20 };
  const emulator = emulatorEndpoint(process.env["STORAGE_EMULATOR_HOST"]);
  const storage = new client.Storage({
    projectId,
    retryOptions,
    ...(emulator ? { apiEndpoint: emulator } : {}),
    ...(actingAs !== undefined && !emulator ? { authClient: actingAuth(actingAs, projectId) } : {}),
  });
  // The client takes the variable for the base of all its calls, where other languages' clients want the host alone.
  if (emulator) storage.baseUrl = `${emulator}/storage/v1`;
  return storage;
}

/** `localhost:4443`, with or without scheme and path, as an endpoint. */
function emulatorEndpoint(variable: string | undefined): string | undefined {
  if (!variable) return undefined;
  const url = /^https?:\/\//.test(variable) ? variable : `http://${variable}`;
  if (!URL.canParse(url))
    throw new CliError(
      `STORAGE_EMULATOR_HOST is "${variable}": give host and port, such as localhost:4443`,
      EXIT.usage,
    );
  return new URL(url).origin;
}
