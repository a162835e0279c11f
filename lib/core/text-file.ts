import { readFileSync } from "node:fs";

/**
 * Content of a file of the checkout as git stores it: the line ends of text are LF, whatever git for Windows or an editor
 * made of them. Whoever hashes, copies or compares files of a checkout goes by this, or two machines disagree about one
 * commit. Text is what git takes for it: without a NUL, and without a CR that ends no line.
 *
 * @see https://git-scm.com/docs/gitattributes#_text
 */
export function readNormalized(path: string): Buffer {
  return normalized(readFileSync(path));
}

/** @see readNormalized */
export function normalized(content: Buffer): Buffer {
  if (!content.includes("\r\n")) return content;
  // A character a byte, so that none is read as another.
  const bytes = content.toString("latin1");
  if (/\0|\r(?!\n)/.test(bytes)) return content;
  return Buffer.from(bytes.replaceAll("\r\n", "\n"), "latin1");
}
