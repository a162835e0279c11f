import { describeInChromium, type Rendered, render } from "../../support/chromium";
import { renderReportFor } from "../../support/report";

const WIDTHS = [1280, 390];

describeInChromium("the report in a browser", () => {
  describe.each([2, 60])("with %d engineers", (people) => {
    let page: string;
    beforeAll(async () => {
      page = await renderReportFor(people);
    });

    test("fits its window at 1,280 and 390 pixels, in light and in dark, and asks for nothing", () => {
      const backgrounds = new Set<string>();
      for (const scheme of ["light", "dark"] as const) {
        const { pages, console } = render(page, WIDTHS, scheme);
        expect(console).toEqual([]);
        expect(pages.map(({ width }) => width)).toEqual(WIDTHS);
        for (const { background, width: _, ...found } of pages) {
          backgrounds.add(background);
          expect(found).toEqual({ overflow: 0, requests: [], sticksOut: [], clipped: [] });
        }
      }
      expect(backgrounds).toEqual(new Set(["rgb(246, 247, 249)", "rgb(18, 21, 26)"]));
    });
  });

  test("a page that does none of this right is caught at it", () => {
    const bad = `<!doctype html><body style="margin:0"><div style="width:600px">wide</div>
      <img src="http://127.0.0.1:9/x.png"><script>console.error("oops")</script>
      <svg><g class="box"><rect width="10" height="10"/><text>much wider</text></g></svg></body>`;
    const { pages, console } = render(bad, [390], "light");
    const [found] = pages as [Rendered];
    expect(found.overflow).toBe(210);
    expect(found.requests).toEqual(["http://127.0.0.1:9/x.png"]);
    expect(found.sticksOut).toEqual(["DIV.null wide"]);
    expect(found.clipped).toHaveLength(1);
    expect(console.join("\n")).toContain("oops");
  });

  test("the page's own policy stops what should ever get into it", async () => {
    const page = await renderReportFor(0);
    const foul = page.replace(
      "</main>",
      '<script>document.title = "ran"</script><img src="http://127.0.0.1:9/x.png"></main>',
    );
    const { console } = render(foul, [390], "light");
    const refusals = console.filter((line) =>
      line.includes("violates the following Content Security Policy"),
    );
    expect(refusals).toEqual([
      expect.stringContaining("inline script"),
      expect.stringContaining("http://127.0.0.1:9/x.png"),
    ]);
  });
});
