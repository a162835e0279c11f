const WARNING = "MetadataLookupWarning";
let quiet = false;

/**
 * Google's library for credentials, for commands that need it: it takes a fifth of a second to load.
 *
 * It warns, by itself and in its own words, where the address of Google's metadata server answers as something else, as in a
 * company's network. Who has no credentials is told so anyway.
 */
export function authLibrary(): typeof import("google-auth-library") {
  if (!quiet) {
    quiet = true;
    const { emitWarning } = process;
    const others = (...args: readonly unknown[]) => {
      const [, type] = args as [unknown, { type?: string } | string | undefined];
      if ((typeof type === "object" ? type.type : type) !== WARNING)
        Reflect.apply(emitWarning, process, args);
    };
    process.emitWarning = others as typeof emitWarning;
  }
  return require("google-auth-library");
}
