/** What stops a step of continuous integration; the message says what to do about it. */
export class CiError extends Error {
  override readonly name = "CiError";

  constructor(
    message: string,
    /** Nothing failed: it was not done, because something would be lost or is not allowed. */
    readonly refused = false,
  ) {
    super(message);
  }
}
