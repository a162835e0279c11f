import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidInputError } from "../../../lib/input/problems";
import type { Finding } from "../../../tools/policy/model";
import { judge, readWaivers, type Waiver } from "../../../tools/policy/waivers";

const TODAY = "2026-11-21";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-waivers-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string): Waiver[] {
  const file = join(folder, "waivers.yaml");
  writeFileSync(file, text);
  return readWaivers(file, TODAY);
}

/** What is wrong with a text, a line each, as `line:column: message`. */
function problems(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof InvalidInputError)
      return error.message.replaceAll(`${folder}/waivers.yaml:`, "").split("\n");
    throw error;
  }
  return [];
}

function finding(check: string, resource: string): Finding {
  return { check, resource, title: "", location: { file: "", startLine: 1, endLine: 1 } };
}

const GOOD = `# a remark
- check: CKV_GCP_79
  resource: production/google_sql_database_instance.sql
  reason: the application is built for it
  date: 2026-11-21
`;

describe("reading", () => {
  test("gives each waiver with its line", () => {
    expect(read(GOOD)).toEqual([
      {
        check: "CKV_GCP_79",
        resource: "production/google_sql_database_instance.sql",
        reason: "the application is built for it",
        date: "2026-11-21",
        file: join(folder, "waivers.yaml"),
        line: 2,
      },
    ]);
    expect(read("[]")).toEqual([]);
  });

  test.each<[what: string, text: string, said: string[]]>([
    ["a file without a list", "# nothing\n", ["1:1: expected a list, for instance []; found nothing"]],
    ["something else than a list", "check: x\n", ["1:1: expected a list, for instance []; found an object"]],
    [
      "what is not YAML",
      "- check: [CKV_GCP_79\n  resource: x\n",
      [expect.stringMatching(/^2:\d+: this is not YAML: /) as unknown as string],
    ],
    [
      "a key twice",
      GOOD.replace("  reason", "  check: CKV_GCP_1\n  reason"),
      ["4:3: this is not YAML: map keys must be unique"],
    ],
    [
      "a missing reason",
      GOOD.replace(/ {2}reason.*\n/, ""),
      [
        '2:3: [0]: the key "reason" is missing: for instance "reason": "the application is built for PostgreSQL 16"',
      ],
    ],
    [
      "a reason that is none",
      GOOD.replace("the application is built for it", "because"),
      [
        '4:11: [0].reason: "because" is not a reason: say in one line why it may be so, for instance "the application is built for PostgreSQL 16"',
      ],
    ],
    [
      "a misspelled key",
      GOOD.replace("check:", "chek:"),
      ['2:3: [0].chek: unknown key "chek": did you mean "check"?'],
    ],
    [
      "a pattern of checks",
      GOOD.replace("CKV_GCP_79", '"CKV_*"'),
      [
        '2:10: [0].check: "CKV_*" is not the id of one check: copy it from the table of findings, without patterns, for instance "CKV_GCP_79"',
      ],
    ],
    [
      "a resource without its stack",
      GOOD.replace("production/", ""),
      [
        expect.stringMatching(
          /^3:13: \[0\]\.resource: .* is not a stack and a resource/,
        ) as unknown as string,
      ],
    ],
    [
      "a day that is none, and one to come",
      `${GOOD}${GOOD.replace("CKV_GCP_79", "x").replace("2026-11-21", "2026-11-22")}`.replace(
        "2026-11-21",
        "2026-02-30",
      ),
      [
        '5:9: [0].date: "2026-02-30" is not in the calendar',
        '10:9: [1].date: "2026-11-22" is to come: write the day of the decision',
      ],
    ],
    [
      "an end before the decision",
      `${GOOD}  until: 2026-11-20\n`,
      ['6:10: [0].until: "2026-11-20" is before the decision of "2026-11-21"'],
    ],
    [
      "the same waiver twice",
      GOOD + GOOD,
      [
        "7:3: [1]: CKV_GCP_79 of production/google_sql_database_instance.sql is waived by entry 1 of the list already",
      ],
    ],
  ])("refuses %s", (_, text, said) => {
    expect(problems(text)).toEqual(said);
  });

  test("names a file that is not there", () => {
    expect(() => readWaivers(join(folder, "none.yaml"), TODAY)).toThrow("none.yaml: there is no such file");
  });
});

describe("judging", () => {
  const waiver = (check: string, resource: string, until?: string): Waiver => ({
    check,
    resource,
    reason: "because it is so",
    date: TODAY,
    ...(until ? { until } : {}),
    file: "waivers.yaml",
    line: 1,
  });

  test("a waiver is for its check and what its pattern matches, and for nothing else", () => {
    const one = waiver("A", "staging-*/Deployment/api");
    const findings = [
      finding("A", "staging-alice/Deployment/api"),
      finding("B", "staging-alice/Deployment/api"),
      finding("A", "production/Deployment/api"),
      finding("A", "staging-alice/Deployment/api-2"),
      finding("A", "staging-alice/x/Deployment/api"),
    ];
    const { findings: judged, unneeded } = judge(findings, [one], TODAY);
    expect(judged.map(({ waiver }) => waiver)).toEqual([one, undefined, undefined, undefined, undefined]);
    expect(unneeded).toEqual([]);
  });

  test("a dot of an address is a dot", () => {
    expect(
      judge([finding("A", "s/google_xysql")], [waiver("A", "s/google_x.sql")], TODAY).unneeded,
    ).toHaveLength(1);
  });

  test("a waiver that nothing needs is told, and one of two that meet the same finding is not", () => {
    const all = [waiver("A", "*/x"), waiver("A", "production/x"), waiver("A", "production/y")];
    expect(judge([finding("A", "production/x")], all, TODAY).unneeded).toEqual([all[2]]);
  });

  test("a waiver holds on its last day, and no longer", () => {
    const one = waiver("A", "production/x", TODAY);
    expect(judge([finding("A", "production/x")], [one], TODAY)).toMatchObject({
      expired: [],
      findings: [{ waiver: one }],
    });
    const after = judge([finding("A", "production/x")], [one], "2026-11-22");
    expect(after).toMatchObject({ expired: [one], unneeded: [] });
    expect(after.findings[0]?.waiver).toBeUndefined();
  });
});
