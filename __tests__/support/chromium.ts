import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { describeUnless, isHere } from "./needs";

/** What a browser finds in a page at one width. */
export interface Rendered {
  readonly width: number;
  /** Pixels that the page is wider than its window. */
  readonly overflow: number;
  /** Addresses that it asked for. */
  readonly requests: readonly string[];
  /** Elements that stick out of the window without being in something that scrolls. */
  readonly sticksOut: readonly string[];
  readonly background: string;
  /** Pictures whose text is wider than its box. */
  readonly clipped: readonly string[];
}

export interface BrowserRun {
  readonly pages: readonly Rendered[];
  /** Errors and warnings on the console. */
  readonly console: readonly string[];
}

/** The browser to test with: `$CHROMIUM`, otherwise as distributions call it; undefined where there is none. */
export const chromium = [process.env["CHROMIUM"], "chromium", "chromium-browser", "google-chrome"].find(
  (name) => name && (isAbsolute(name) ? existsSync(name) : isHere(name)),
);

/** `describe`, skipped without a browser. */
export const describeInChromium = describeUnless(chromium ? [] : ["chromium"]);

/** Renders a page in frames of these widths, in one run of the browser, which is told to prefer light or dark. */
export function render(page: string, widths: readonly number[], scheme: "light" | "dark"): BrowserRun {
  const folder = mkdtempSync(join(tmpdir(), "plue-chromium-"));
  try {
    const file = join(folder, "harness.html");
    writeFileSync(file, harness(page, widths));
    const { stdout, stderr } = spawnSync(
      chromium as string,
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--enable-logging=stderr",
        `--user-data-dir=${join(folder, "profile")}`,
        `--blink-settings=preferredColorScheme=${scheme === "dark" ? 0 : 1}`,
        "--window-size=1400,1000",
        "--virtual-time-budget=10000",
        "--dump-dom",
        `file://${file}`,
      ],
      { encoding: "utf8", maxBuffer: 2 ** 27 },
    );
    const result = /<pre id="result">([^<]*)<\/pre>/.exec(stdout)?.[1];
    if (!result) throw new Error(`${chromium} gave no result:\n${stderr}`);
    return {
      pages: JSON.parse(result.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")),
      console: stderr.split("\n").filter((line) => line.includes(":CONSOLE")),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page around the page: it shares an origin with frames it brings along, so it may look into them. */
function harness(page: string, widths: readonly number[]): string {
  const source = page.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const frames = widths.map(
    (width) => `<iframe style="border:0;width:${width}px;height:900px" srcdoc="${source}"></iframe>`,
  );
  return `<!doctype html><pre id="result"></pre>${frames.join("")}<script>(${measureFrames})()</script>`;
}

/** Runs in the browser. */
const measureFrames = `function () {
  addEventListener("load", () => {
    const frames = [...document.querySelectorAll("iframe")];
    document.getElementById("result").textContent = JSON.stringify(frames.map((frame) => {
      const { contentWindow: window, contentDocument: page } = frame;
      const width = page.documentElement.clientWidth;
      const name = (element) => element.tagName + "." + element.getAttribute("class") + " " + element.textContent.trim().slice(0, 40);
      const outside = (element) => {
        for (let around = element; around; around = around.parentElement)
          if (["auto", "scroll", "hidden"].includes(window.getComputedStyle(around).overflowX)) return false;
        return element.getBoundingClientRect().right > width + 0.5;
      };
      const entries = window.performance.getEntriesByType("resource").map((entry) => entry.name);
      return {
        width,
        overflow: page.documentElement.scrollWidth - width,
        requests: entries,
        sticksOut: [...page.body.querySelectorAll("*")].filter(outside).map(name),
        background: window.getComputedStyle(page.body).backgroundColor,
        clipped: [...page.querySelectorAll("svg .box")].filter((box) => {
          const limit = box.querySelector("rect").getBBox();
          return [...box.querySelectorAll("text")].some((text) => text.getBBox().x + text.getBBox().width > limit.x + limit.width);
        }).map(name),
      };
    }));
  });
}`;
