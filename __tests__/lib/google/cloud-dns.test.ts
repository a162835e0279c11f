import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformVariable } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { CloudDnsZone, type CloudDnsZoneProps } from "../../../lib/google/cloud-dns";
import { synthesize } from "../../support/synth";

function inStack(build: (stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    build(stack);
  });
}

const zoneIn = (stack: Stack, props: Partial<CloudDnsZoneProps> = {}, id = "zone") =>
  new CloudDnsZone(stack, id, {
    projectId: "shop",
    name: "shop",
    zoneName: "example.com",
    deletionProtection: true,
    ...props,
  });
const zone = (props: Partial<CloudDnsZoneProps>) => inStack((stack) => void zoneIn(stack, props));
/** Values of a record of this type. */
const values = (
  type: "TXT" | "MX" | "CNAME" | "SRV" | "HTTPS" | "CAA" | "NS" | "PTR",
  ...written: string[]
) =>
  zone({ records: { x: { type, values: written } } }).resource("google_dns_record_set", "zone_x")["rrdatas"];

describe("CloudDnsZone", () => {
  test("is public, signed and kept, with the least that it takes", () => {
    expect(zone({}).resource("google_dns_managed_zone", "zone")).toEqual({
      project: "shop",
      name: "shop",
      dns_name: "example.com.",
      visibility: "public",
      dnssec_config: { state: "on", non_existence: "nsec3" },
      cloud_logging_config: { enable_logging: false },
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is private to networks, and not signed then", () => {
    const stack = zone({ networks: [{ networkId: "n1" }, { networkId: "n2" }], deletionProtection: false });
    const made = stack.resource("google_dns_managed_zone", "zone");
    expect(made).toMatchObject({
      visibility: "private",
      private_visibility_config: { networks: [{ network_url: "n1" }, { network_url: "n2" }] },
    });
    expect([made["dnssec_config"], made["lifecycle"]]).toEqual([undefined, undefined]);
    expect(stack.json["data"]).toBeUndefined();
  });

  test("tells its name servers, and its DS record while it is signed", () => {
    const outputs = (dnssec?: "transfer" | "off") =>
      inStack((stack) => {
        const made = zoneIn(stack, { dnssec, queryLogs: true, labels: { environment: "test" } });
        stack.output("servers", { value: made.nameServers });
        stack.output("ds", { value: made.dsRecord ?? "none" });
      });
    const signed = outputs();
    expect(signed.outputs).toEqual({
      servers: { value: "${google_dns_managed_zone.zone.name_servers}" },
      ds: { value: "${data.google_dns_keys.zone_keys.key_signing_keys[0].ds_record}" },
    });
    expect(signed.data("google_dns_keys", "zone_keys")).toEqual({
      project: "shop",
      managed_zone: "${google_dns_managed_zone.zone.id}",
    });
    expect(signed.resource("google_dns_managed_zone", "zone")).toMatchObject({
      cloud_logging_config: { enable_logging: true },
      labels: { environment: "test" },
    });
    for (const state of ["transfer", "off"] as const) {
      const other = outputs(state);
      expect(other.outputs["ds"]).toEqual({ value: "none" });
      expect(other.resource("google_dns_managed_zone", "zone")["dnssec_config"]).toMatchObject({ state });
    }
  });

  test("records have full names, the key being the name unless one is given", () => {
    let hostnames = {};
    const stack = inStack((scope) => {
      const records = {
        api: { type: "A", values: ["203.0.113.7", "203.0.113.8"], ttl: 60 },
        apex: { name: "@", type: "AAAA", values: ["2001:db8::7"] },
      } as const;
      hostnames = zoneIn(scope, { records }).hostnames;
    });
    expect(hostnames).toEqual({ api: "api.example.com", apex: "example.com" });
    expect(stack.resource("google_dns_record_set", "zone_api")).toEqual({
      project: "shop",
      managed_zone: "${google_dns_managed_zone.zone.name}",
      name: "api.example.com.",
      type: "A",
      ttl: 60,
      rrdatas: ["203.0.113.7", "203.0.113.8"],
    });
    expect(stack.resource("google_dns_record_set", "zone_apex")).toMatchObject({
      name: "example.com.",
      ttl: 300,
    });
  });

  test("host names in values end with a dot, as Cloud DNS stores them", () => {
    expect(values("CNAME", "www.example.net")).toEqual(["www.example.net."]);
    expect(values("NS", "ns1.example.net")).toEqual(["ns1.example.net."]);
    expect(values("PTR", "host.example.net")).toEqual(["host.example.net."]);
    expect(values("MX", "10 mx1.example.net", "20 mx2.example.net")).toEqual([
      "10 mx1.example.net.",
      "20 mx2.example.net.",
    ]);
    expect(values("SRV", "10 5 5060 sip.example.net")).toEqual(["10 5 5060 sip.example.net."]);
    expect(values("HTTPS", "1 . alpn=h2", "2 cdn.example.net port=8443")).toEqual([
      "1 . alpn=h2",
      "2 cdn.example.net. port=8443",
    ]);
    expect(values("CAA", '0 issue "pki.goog"')).toEqual(['0 issue "pki.goog"']);
  });

  test("text is quoted in pieces of 255 bytes", () => {
    expect(values("TXT", "v=spf1 -all")).toEqual(['"v=spf1 -all"']);
    expect(values("TXT", "x".repeat(256))).toEqual([`"${"x".repeat(255)}" "x"`]);
    expect(values("TXT", 'say "hi"')).toEqual(['"say \\"hi\\""']);
  });

  test("values that Terraform alone knows are taken as they are", () => {
    const stack = inStack((scope) => {
      const list = new TerraformVariable(scope, "servers", { type: "list(string)" }).listValue;
      const address = new TerraformVariable(scope, "address", { type: "string" }).stringValue;
      zoneIn(scope, {
        records: { list: { type: "A", values: list }, one: { type: "CNAME", values: [address] } },
      });
    });
    expect(stack.resource("google_dns_record_set", "zone_list")["rrdatas"]).toBe("${var.servers}");
    expect(stack.resource("google_dns_record_set", "zone_one")["rrdatas"]).toEqual(["${var.address}"]);
  });

  test("takes records of what needs the zone first", () => {
    let name = "";
    const stack = inStack((scope) => {
      const made = zoneIn(scope, { records: { www: { type: "CNAME", values: ["example.com"] } } });
      const address = new TerraformVariable(scope, "address", { type: "string" }).stringValue;
      name = made.addRecord("edge", { name: "api", type: "A", values: [address] });
      expect(() => made.addRecord("edge", { name: "b", type: "A", values: ["203.0.113.7"] })).toThrow(
        "test/zone: records.edge: is there already: give another key",
      );
      expect(() => made.addRecord("other", { name: "www", type: "A", values: ["203.0.113.7"] })).toThrow(
        'test/zone: records.www: is a CNAME, and "www" has another record: leave one of them out',
      );
    });
    expect(name).toBe("api.example.com");
    expect(stack.resource("google_dns_record_set", "zone_edge")).toMatchObject({
      name: "api.example.com.",
      type: "A",
      rrdatas: ["${var.address}"],
    });
  });

  test("a zone below gets NS records here, and its DS record where both are signed", () => {
    const delegate = (parent: Partial<CloudDnsZoneProps>, child: Partial<CloudDnsZoneProps>) =>
      inStack((stack) => {
        const dev = zoneIn(stack, { name: "dev", zoneName: "dev.example.com", ...child }, "dev");
        zoneIn(stack, { delegations: { dev }, ...parent });
      }).resources("google_dns_record_set");
    const both = delegate({}, {});
    expect(both["zone_dev_delegation"]).toMatchObject({
      managed_zone: "${google_dns_managed_zone.zone.name}",
      name: "dev.example.com.",
      type: "NS",
      rrdatas: "${google_dns_managed_zone.dev.name_servers}",
    });
    expect(both["zone_dev_ds"]).toMatchObject({
      name: "dev.example.com.",
      type: "DS",
      rrdatas: ["${data.google_dns_keys.dev_keys.key_signing_keys[0].ds_record}"],
    });
    expect(Object.keys(delegate({ dnssec: "off" }, {}))).toEqual(["zone_dev_delegation"]);
    expect(Object.keys(delegate({}, { dnssec: "off" }))).toEqual(["zone_dev_delegation"]);
  });
});
