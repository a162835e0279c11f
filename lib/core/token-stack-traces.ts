import stackTrace = require("cdktf/lib/tokens/private/stack-trace");

/**
 * Keeps CDKTF from recording where each token was made. It does so whatever `App({ stackTraces: false })` says, for
 * messages that no program here ever prints, and it costs a third of a synthesis.
 *
 * The module is private; the version is pinned, and archived.
 */
export function disableTokenStackTraces(): void {
  Object.assign(stackTrace, { captureStackTrace: () => [] });
}
