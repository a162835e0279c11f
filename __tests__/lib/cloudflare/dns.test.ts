import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { TerraformVariable } from "cdktf";
import { CloudflareDns, type DnsRecordProps } from "../../../lib/cloudflare/dns";
import type { Stack } from "../../../lib/core/stack";
import { synthesize } from "../../support/synth";

const ZONE = { zoneId: "zone-id", zoneName: "example.com" };

/** The records that the construct declares, by their Terraform name, and its output. */
function dns(records: Record<string, DnsRecordProps>) {
  let hostnames: Record<string, string> = {};
  const stack = withCloudflare((scope) => {
    hostnames = new CloudflareDns(scope, "dns", { ...ZONE, records }).hostnames;
  });
  return { records: stack.resources("cloudflare_dns_record"), hostnames };
}

function withCloudflare(build: (stack: Stack) => void) {
  return synthesize((stack) => {
    new CloudflareProvider(stack, "cloudflare");
    build(stack);
  });
}

describe("Dns", () => {
  test("names are written out with the zone, the key being the name unless one is given", () => {
    const { records, hostnames } = dns({
      api: { type: "A", content: "203.0.113.7", proxied: true, comment: "ingress" },
      apex: { name: "@", type: "A", content: "203.0.113.7", proxied: true },
      www: { type: "CNAME", content: "example.com", proxied: true },
    });
    expect(hostnames).toEqual({ api: "api.example.com", apex: "example.com", www: "www.example.com" });
    expect(records["dns_api"]).toMatchObject({
      zone_id: "zone-id",
      name: "api.example.com",
      type: "A",
      content: "203.0.113.7",
      proxied: true,
      ttl: 1,
      comment: "ingress",
    });
    expect(records["dns_apex"]).toMatchObject({ name: "example.com" });
    expect(records["dns_www"]).toMatchObject({
      name: "www.example.com",
      type: "CNAME",
      content: "example.com",
    });
  });

  test("a record is DNS only, with an automatic TTL, unless it says otherwise", () => {
    const { records } = dns({
      staging: { name: "*.staging", type: "A", content: "203.0.113.7" },
      mail: { name: "@", type: "MX", content: "mx.example.net", priority: 10, ttl: 3600 },
    });
    expect(records["dns_staging"]).toMatchObject({ name: "*.staging.example.com", proxied: false, ttl: 1 });
    expect(records["dns_mail"]).toMatchObject({ proxied: false, ttl: 3600, priority: 10 });
  });

  test("text is quoted in pieces of 255 bytes, as Cloudflare stores it", () => {
    const content = (content: string) => dns({ x: { type: "TXT", content } }).records["dns_x"]?.["content"];
    expect(content("v=spf1 -all")).toBe('"v=spf1 -all"');
    expect(content("x".repeat(300))).toBe(`"${"x".repeat(255)}" "${"x".repeat(45)}"`);
    expect(content("é".repeat(128))).toBe(`"${"\\195\\169".repeat(127)}\\195" "\\169"`);
    expect(content("\n\x7f~ €")).toBe('"\\010\\127~ \\226\\130\\172"');
  });

  test("quotes and backslashes in text are escaped, unless the text is quoted already", () => {
    const content = (content: string) => dns({ x: { type: "TXT", content } }).records["dns_x"]?.["content"];
    expect(content('say "hi" \\ all')).toBe('"say \\"hi\\" \\\\ all"');
    expect(content('"first')).toBe('"\\"first"');
    expect(content('"a" b')).toBe('"\\"a\\" b"');
    expect(content(`${'"'.repeat(255)}x`)).toBe(`"${'\\"'.repeat(255)}" "x"`);
    expect(content('"as it is"')).toBe('"as it is"');
    expect(content('"in two" "\\"parts\\""')).toBe('"in two" "\\"parts\\""');
  });

  test("text is not a template of Terraform", () => {
    const spf = {
      type: "TXT",
      content: "v=spf1 exists:%{i}._spf.example.com -all",
      comment: "for ${x}",
    } as const;
    expect(dns({ spf }).records["dns_spf"]).toMatchObject({
      content: '"v=spf1 exists:%%{i}._spf.example.com -all"',
      comment: "for $${x}",
    });
  });

  test("an address that is only known when applied is taken as it is", () => {
    const { json } = withCloudflare((stack) => {
      const address = new TerraformVariable(stack, "address", { type: "string" });
      new CloudflareDns(stack, "dns", {
        ...ZONE,
        records: { api: { type: "A", content: address.stringValue } },
      });
    });
    expect(json["resource"].cloudflare_dns_record.dns_api.content).toBe("${var.address}");
  });

  test("a proxied name below the first level is taken with a certificate of its own", () => {
    const alice = { name: "alice.staging", type: "A", content: "203.0.113.7", proxied: true } as const;
    expect(dns({ alice: { ...alice, advancedCertificate: true } }).records["dns_alice"]).toMatchObject({
      proxied: true,
    });
  });

  test("two addresses of one name are two records", () => {
    const a = { name: "www", type: "A", content: "203.0.113.7" } as const;
    expect(Object.keys(dns({ a, b: { ...a, content: "203.0.113.8" } }).records)).toEqual(["dns_a", "dns_b"]);
  });
});
