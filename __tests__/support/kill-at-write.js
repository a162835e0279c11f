const fs = require("node:fs");

/**
 * Loaded before a command: kills its process at one step of those by which it writes a file, KILL_AT="engineers.json 3" at
 * the third; in the middle of it, where that is what writes the content.
 */
const [file = "", step] = (process.env.KILL_AT ?? "").split(" ");
const written = new Set();
let steps = 0;

for (const name of [
  "openSync",
  "writeSync",
  "fsyncSync",
  "closeSync",
  "chownSync",
  "chmodSync",
  "renameSync",
]) {
  const real = fs[name];
  fs[name] = (...args) => {
    const [what, content] = args;
    const isOurs = typeof what === "number" ? written.has(what) : String(what).includes(file);
    if (!isOurs || (name === "openSync" && !/[wa+]/.test(String(content)))) return real(...args);
    if (++steps === Number(step)) {
      if (name === "writeSync") real(what, content.slice(0, content.length / 2));
      process.kill(process.pid, "SIGKILL");
    }
    const result = real(...args);
    if (name === "openSync") written.add(result);
    return result;
  };
}
