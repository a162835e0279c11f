import type { TerraformJson } from "../../../lib/core/terraform-json";
import { review } from "../../../tools/changed/review";
import { estimateProgram } from "../../../tools/cost/program";
import { renderReport } from "../../../tools/report/report";
import { STYLE } from "../../../tools/report/style";
import { projectOf } from "../../support/program";
import { renderReportFor, reportProps } from "../../support/report";

const two = reportProps(2);
let page: string;
beforeAll(async () => {
  page = await renderReport(two);
});

/** The text between two headings of the page, without tags. */
function section(id: string, of = page): string {
  const start = of.indexOf(`<section id="${id}">`);
  return of
    .slice(start, of.indexOf("</section>", start))
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
}

test("the same stacks give the same bytes", async () => {
  expect(await renderReport(reportProps(2))).toBe(page);
});

test("nothing is fetched, nothing runs, and the page forbids both", () => {
  expect(page).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
  );
  expect(page).not.toMatch(/<script|<link (?!rel="icon" href="data:,")|<img|<iframe|@import|url\(|\son\w+=/i);
  expect(page).not.toMatch(/(src|href)="(?!#|data:,")/);
});

test("every tag that is opened is closed, in order", () => {
  const empty = new Set(["meta", "link", "rect", "path"]);
  const open: string[] = [];
  for (const [, slash, tag, selfClosed] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (slash) expect(open.pop()).toBe(tag);
    else if (!selfClosed && !empty.has(tag as string)) open.push(tag as string);
  }
  expect(open).toEqual([]);
});

test("ids are unique and every link within the page has its target", () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
});

test("every picture has a name and stands there in words too", () => {
  const pictures = [...page.matchAll(/<svg role="img" aria-label="([^"]+)"/g)].map(([, label]) => label);
  expect(pictures).toContain("Picture of production; in words below");
  expect(page.match(/, in words<\/summary>/g)).toHaveLength(pictures.length);
  expect(section("pictures")).toContain("uses namespace_v1");
});

test("environments, costs, protections and secrets stand in it", () => {
  expect(section("environments")).toContain("https://person-01.staging.plue.dev");
  expect(section("costs")).toContain("246.45 773.07 400 USD 62 % to 193 %");
  expect(section("protections")).toContain("30 daily backups, any point in time of 7 days");
  expect(section("secrets")).toContain("plue-prod-db-password production Terraform, write-only");
  expect(page).not.toContain('id="changes"');
});

test("commit, budgets and what policy finds stand in it", async () => {
  const head = await renderReport({
    ...two,
    commit: "0123456789abcdef",
    policy: {
      green: false,
      findings: [{ check: "tls-is-current", resource: "production/google_x.y", title: "has none" }],
    },
  });
  expect(head).toContain("Commit <code>0123456789abcdef</code>");
  expect(section("policy", head)).toContain("tls-is-current production/google_x.y has none");
  expect(section("policy")).toContain("own rules hold, but for what policy/waivers.yaml explains");
  expect(page).toContain("The budget of staging, 400 USD, alerts every month, at 50 %:");
  expect(page).not.toContain("Commit <code>");
});

test("sixty engineers are one picture, one row of stacks and a closed table, and a warning", async () => {
  const sixty = await renderReportFor(60);
  const pictures = (of: string) => of.match(/<svg /g)?.length;
  expect(pictures(sixty)).toBe(pictures(page));
  expect(section("environments", sixty)).toContain("staging-person-01, staging-person-02 and 58 more");
  expect(sixty).toContain('<details class="card"><summary>Engineers (60)</summary>');
  expect(sixty).toContain(
    "Staging has 60 engineers and room for 3: it runs out of connections of the database at 3.",
  );
  expect(page).not.toContain("Staging has 2 engineers");
  expect(sixty.length).toBeLessThan(2 * page.length);
});

describe("what a change does", () => {
  const changed = async (change: (stacks: Map<string, TerraformJson>) => void) => {
    const base = new Map([...two.stacks].map(([name, json]) => [name, JSON.parse(JSON.stringify(json))]));
    change(base);
    return section("changes", await renderReport({ ...two, review: review("main", base, {}, two) }));
  };
  // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
  const block = (stacks: Map<string, TerraformJson>, stack: string): any => stacks.get(stack);

  test("is nothing when nothing differs", async () => {
    expect(await changed(() => {})).toContain("Nothing: every stack's Terraform is the same as in main.");
  });

  test("names what is added, changed and removed, and what that costs", async () => {
    const text = await changed((stacks) => {
      const { resource } = block(stacks, "staging-base");
      resource.google_container_node_pool.cluster_default.autoscaling.total_max_node_count = 2;
      delete resource.google_compute_router_nat;
      resource.google_pubsub_topic.old = {};
      stacks.delete("production-app");
    });
    expect(text).toContain("2 stacks of 9 differ from main");
    expect(text).toContain("production-app new");
    expect(text).toMatch(/staging-base changed 1 added, 1 changed, 1 removed/);
    expect(text).toContain("google_compute_router_nat.network_nat");
    expect(text).toContain("google_pubsub_topic.old");
    expect(text).toMatch(/autoscaling\.total_max_node_count +2 +3/);
    expect(text).toMatch(/USD a month: +240\.76 to [0-9.]+ → 246\.45 to 773\.07 \(\+5\.69 to /);
  });

  test("is shown once for engineers' stacks that change alike", async () => {
    const text = await changed((stacks) => {
      for (const person of ["staging-person-01", "staging-person-02"])
        block(stacks, person).locals.staging_release_values.chartHash = "before";
    });
    expect(text).toContain("staging-person-01, staging-person-02 changed 1 changed in each of 2 stacks");
    expect(text.match(/&quot;before&quot;/g)).toHaveLength(1);
  });
});

test("what people and providers call things cannot become markup", async () => {
  const evil = `"><img src=x onerror=alert(1)>'&`;
  const json: TerraformJson = {
    resource: {
      [`google_${evil}`]: { [evil]: { "//": { metadata: { path: `s/${evil}/x` } }, secret_id: evil } },
      google_secret_manager_secret: { s: { secret_id: evil, lifecycle: { prevent_destroy: true } } },
      google_container_node_pool: { p: { node_config: { machine_type: evil } } },
    },
    data: { terraform_remote_state: { base: { config: { prefix: evil } } } },
    provider: { [evil]: [{}] },
  };
  const stacks = new Map([["staging-base", json]]);
  const engineer = { name: evil, stack: evil, state: evil, url: evil, namespace: evil, database: evil };
  const finding = { check: evil, resource: evil, title: evil };
  const head = {
    stacks,
    cost: estimateProgram({
      stacks,
      declared: projectOf().declared,
      limits: [{ scarce: evil, engineers: 0 }],
    }),
    policy: { green: false, findings: [finding] },
  };
  const base = new Map([
    ["staging-base", { resource: { google_secret_manager_secret: { s: { secret_id: "x" } } } }],
  ]);
  const html = await renderReport({
    ...head,
    engineers: [{ ...engineer, imageTag: evil }],
    commit: evil,
    review: review(evil, base, { policy: { green: true, findings: [] } }, head),
  });
  expect(html).not.toContain("<img");
  expect(html).not.toContain(evil);
  expect(html.match(/&quot;&gt;&lt;img src=x onerror=alert\(1\)&gt;&#39;&amp;/g)?.length).toBeGreaterThan(12);
});

describe.each([
  ["light", STYLE.slice(0, STYLE.indexOf("@media (prefers-color-scheme: dark)"))],
  ["dark", STYLE.slice(STYLE.indexOf("@media (prefers-color-scheme: dark)"), STYLE.indexOf("* {"))],
])("in %s", (_, css) => {
  const colors = new Map(
    [...css.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name, hex]),
  );
  const luminance = (name: string) => {
    const channels = (colors.get(name) as string).match(/[0-9a-f]{2}/g) as string[];
    const [r, g, b] = channels.map((hex) => {
      const value = Number.parseInt(hex, 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };

  test("text contrasts with what it stands on by 4.5 at least, lines of pictures by 3", () => {
    const weak = ["text", "dim", "accent", "good", "bad", "warn"].flatMap((text) =>
      ["card", "page", "frame"].filter((back) => contrast(text, back) < 4.5).map((back) => `${text}/${back}`),
    );
    const faint = ["link", "google", "kubernetes", "helm", "cloudflare"].filter(
      (line) => contrast(line, "frame") < 3,
    );
    expect([...weak, ...faint]).toEqual([]);
  });
});
