import { z } from "zod";
import { iamMembers } from "../../../lib/input/configuration";
import { emailAddress, googleAccount } from "../../../lib/input/fields";
import { parseJson } from "../../../lib/input/read-json";
import { refusalOfIam } from "../../support/iam";
import { printedBy } from "../../support/problems";
import fc from "../../support/properties";

const shape = z.strictObject({
  mail: emailAddress("Mail.", "ops@plue.dev").optional(),
  account: googleAccount("Account.", "bob@plue.dev").optional(),
  members: iamMembers("Members.", "group:platform@plue.dev").optional(),
});
const print = (value: object) =>
  printedBy(() => parseJson(JSON.stringify(value, null, 1), "f.json", shape)).map((line) =>
    line.replace(/^f\.json:(\d+:\d+): /, "$1 "),
  );

describe("an account", () => {
  test.each([
    "alice@plue.dev",
    "o'brien+staging_2@mail.plue-labs.co",
    `${"a".repeat(64)}@${"b".repeat(63)}.dev`,
    "al.ice@gmail.com",
  ])("may be %s", (account) => {
    expect(print({ account, mail: account })).toEqual([]);
  });

  test.each([
    [
      "al..ice@plue.dev",
      '"al..ice@plue.dev" has a dot at an end or beside another: for instance "al.ice@plue.dev"',
    ],
    [
      ".alice@plue.dev",
      '".alice@plue.dev" has a dot at an end or beside another: for instance "alice@plue.dev"',
    ],
    [
      "alice.@plue.dev",
      '"alice.@plue.dev" has a dot at an end or beside another: for instance "alice@plue.dev"',
    ],
    [
      "alice@plue..dev",
      '"alice@plue..dev" has a dot at an end or beside another: for instance "alice@plue.dev"',
    ],
    [
      "alice@plue.dev.",
      '"alice@plue.dev." has a dot at an end or beside another: for instance "alice@plue.dev"',
    ],
    [
      "user:alice@plue.dev",
      '"user:alice@plue.dev" is not an e-mail address: write it in full and in lower case, for instance "alice@plue.dev"',
    ],
    ["alice@-plue.dev", /^"alice@-plue\.dev" has a label with a hyphen at an end in its domain: for/],
    ["alice@plue-.dev", /^"alice@plue-\.dev" has a label with a hyphen at an end in its domain: for/],
    [`${"a".repeat(65)}@plue.dev`, /^"a{60}…" has more than 64 characters in front of the @: for/],
    [`alice@${"a".repeat(64)}.dev`, /…" has a label of more than 63 characters in its domain: for/],
    [`alice@${"a.".repeat(123)}dev`, /…" has more than 254 characters, and no mail server takes more: for/],
    [
      "tf@plue-staging.iam.gserviceaccount.com",
      /" is a service account's address, and IAM takes a person's here: for instance "bob@plue\.dev"$/,
    ],
    ["1-compute@developer.gserviceaccount.com", /" is a service account's address/],
    [
      "TF@Plue-Staging.iam.gserviceaccount.com",
      /" is not an e-mail address: .* for instance "bob@plue\.dev"$/,
    ],
    [
      "team@googlegroups.com",
      /" is a group's address, and IAM takes a person's here: for instance "bob@plue\.dev"$/,
    ],
  ])("may not be %s", (account, message) => {
    const [printed, ...more] = print({ account });
    const place = "2:13 account: ";
    expect(printed?.slice(0, place.length)).toBe(place);
    expect(printed?.slice(place.length)).toEqual(
      typeof message === "string" ? message : expect.stringMatching(message),
    );
    expect(more).toEqual([]);
  });
});

test("mail may go to a group, and not where nobody reads it", () => {
  expect(print({ mail: "ops@googlegroups.com" })).toEqual([]);
  expect(print({ mail: "tf@plue-staging.iam.gserviceaccount.com" })).toEqual([
    `2:10 mail: "tf@plue-staging.iam.gserviceaccount.com" is a service account's address, whose mail nobody reads: for instance "ops@plue.dev"`,
  ]);
});

describe("an IAM member", () => {
  test.each([
    "group:platform@plue.dev",
    "group:platform@googlegroups.com",
    "user:ann@plue.dev",
    "user:ann@gmail.com",
    "serviceAccount:ci@plue-prod.iam.gserviceaccount.com",
    "serviceAccount:123456789012-compute@developer.gserviceaccount.com",
    "serviceAccount:service-123456789012@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    "serviceAccount:plue-prod.plue.dev@appspot.gserviceaccount.com",
  ])("may be %s", (member) => {
    expect(refusalOfIam(member)).toBeUndefined();
    expect(print({ members: { platform: member } })).toEqual([]);
  });

  const service = "is a service account, which IAM takes as serviceAccount: and no other kind";
  const ci = "ci@plue-prod.iam.gserviceaccount.com";
  test.each([
    [`user:${ci}`, service, `serviceAccount:${ci}`],
    [`group:${ci}`, service, `serviceAccount:${ci}`],
    [
      "serviceAccount:ann@plue.dev",
      "is no service account: their addresses are below gserviceaccount.com",
      "group:ann@plue.dev",
    ],
    [
      "serviceAccount:ci@gserviceaccount.com.plue.dev",
      "is no service account: their addresses are below gserviceaccount.com",
      "group:ci@gserviceaccount.com.plue.dev",
    ],
    [
      "user:team@googlegroups.com",
      "is a group, which IAM takes as group: and no other kind",
      "group:team@googlegroups.com",
    ],
    ["group:ann@gmail.com", "is a person, whom IAM takes as user: and no other kind", "user:ann@gmail.com"],
    ["user:al..ice@plue.dev", "has a dot at an end or beside another", "user:al.ice@plue.dev"],
    ["user:.alice@plue.dev", "has a dot at an end or beside another", "user:alice@plue.dev"],
  ])("may not be %s", (member, reason, right) => {
    expect(refusalOfIam(member)).toBeDefined();
    expect(refusalOfIam(right)).toBeUndefined();
    expect(print({ members: { platform: member } })).toEqual([
      `3:15 members.platform: "${member}" ${reason}: for instance "${right}"`,
    ]);
  });

  test("has one name only", () => {
    const members = { platform: "group:a@plue.dev", ann: "user:a@plue.dev", again: "group:a@plue.dev" };
    expect(print({ members })).toEqual([
      '5:12 members.again: "group:a@plue.dev" is "platform" already: remove one of them',
    ]);
  });
});

test("what is taken, IAM takes: whatever kind, domain, dots and lengths it is made of", () => {
  const local = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."aB9.-_+'% :@é"), maxLength: 8 }),
    fc.integer({ min: 60, max: 70 }).map((length) => "a".repeat(length)),
  );
  const label = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."az9-"), maxLength: 4 }),
    fc.integer({ min: 60, max: 66 }).map((length) => "a".repeat(length)),
  );
  const known = fc.constantFrom("gmail.com", "googlegroups.com", "p.iam.gserviceaccount.com", "plue.dev");
  const domain = fc.oneof(
    known,
    fc.array(label, { maxLength: 5 }).map((labels) => labels.join(".")),
  );
  const kind = fc.constantFrom("user", "group", "serviceAccount", "domain", "principal", "");
  fc.assert(
    fc.property(kind, local, domain, (kind, local, domain) => {
      const address = `${local}@${domain}`;
      const taken = (value: object) => print(value).length === 0;
      if (taken({ members: { platform: `${kind}:${address}` } }))
        expect(refusalOfIam(`${kind}:${address}`)).toBeUndefined();
      if (taken({ account: address })) expect(refusalOfIam(`user:${address}`)).toBeUndefined();
    }),
    { numRuns: 3000 },
  );
});
