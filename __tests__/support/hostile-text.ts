/** What somebody could write where a name, a message or a value belongs, to have it obeyed by whatever shows it. */
export const HOSTILE = [
  "x",
  // Terminals: clear the screen, set the title, colours, the cursor back, the direction of text, nothing to be seen.
  "\u001b[2J\u001b]0;title\u0007\u001b[31mred\u001b[0m\b\b\u009b2J\u202e\u200b",
  // GitHub's runner.
  "\n::add-mask::production\r\n  ::stop-commands::x\n##[group]x",
  // Markdown.
  "\n\n# heading\n- [link](https://evil.example) ![image](https://evil.example/i.png) @everyone <img src=x>",
  "\n```\n</details>`code` | cell |\u2028\u2029",
].join("");

/** What of a text a terminal or a runner would obey; empty where it is harmless. */
export function obeyed(text: string): string[] {
  return text.match(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]|^[ \t]*::|##\[/gmu) ?? [];
}

/** What of Markdown is outside of code spans and fences. */
export function outsideCode(markdown: string): string {
  return markdown.replace(/^(`{3,})\w*\n.*?^\1$/gms, "").replace(/`[^`\n]+`/g, "");
}
