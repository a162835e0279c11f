import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { CloudflareDns } from "../../../lib/cloudflare/dns";
import type { Stack } from "../../../lib/core/stack";
import { Certificate } from "../../../lib/google/certificate";
import { CloudDnsZone } from "../../../lib/google/cloud-dns";
import { synthesize } from "../../support/synth";

function certificate(domains: string[], look?: (certificate: Certificate, stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    new CloudflareProvider(stack, "cloudflare");
    const dns = new CloudflareDns(stack, "dns", { zoneId: "zone-id", zoneName: "example.com", records: {} });
    const labels = { environment: "test" };
    const made = new Certificate(stack, "certificate", {
      projectId: "project",
      name: "web",
      dns,
      domains,
      labels,
    });
    look?.(made, stack);
  });
}

const count = (stack: ReturnType<typeof certificate>, type: string) =>
  Object.keys(stack.resources(type)).length;

describe("Certificate", () => {
  test("control of a domain is proved once, by a record without dots at the end", () => {
    const stack = certificate(["example.com", "*.example.com"]);
    expect(count(stack, "google_certificate_manager_dns_authorization")).toBe(1);
    expect(
      stack.resource("google_certificate_manager_dns_authorization", "certificate_example_com_authorization"),
    ).toEqual({
      project: "project",
      name: "web-example-com",
      location: "global",
      type: "PER_PROJECT_RECORD",
      domain: "example.com",
      labels: { environment: "test" },
    });
    const record =
      "google_certificate_manager_dns_authorization.certificate_example_com_authorization.dns_resource_record";
    expect(stack.resource("cloudflare_dns_record", "certificate_example_com_record")).toMatchObject({
      zone_id: "zone-id",
      name: `\${trimsuffix(${record}[0].name, ".")}`,
      content: `\${trimsuffix(${record}[0].data, ".")}`,
      type: "CNAME",
      proxied: false,
      ttl: 1,
    });
  });

  test("each domain has a certificate and an entry of its own, so that a new one leaves the others alone", () => {
    const before = certificate(["*.staging.example.com"]).json["resource"];
    const after = certificate(["*.staging.example.com", "example.com"]);
    expect(after.json["resource"]).toMatchObject(before);
    expect(count(after, "google_certificate_manager_certificate")).toBe(2);
    expect(
      after.resource("google_certificate_manager_certificate", "certificate_wildcard_staging_example_com"),
    ).toEqual({
      project: "project",
      name: "web-wildcard-staging-example-com",
      location: "global",
      scope: "DEFAULT",
      managed: {
        domains: ["*.staging.example.com"],
        dns_authorizations: [
          "${google_certificate_manager_dns_authorization.certificate_staging_example_com_authorization.id}",
        ],
      },
      labels: { environment: "test" },
    });
    expect(
      after.resource(
        "google_certificate_manager_certificate_map_entry",
        "certificate_wildcard_staging_example_com_entry",
      ),
    ).toMatchObject({
      project: "project",
      map: "${google_certificate_manager_certificate_map.certificate.name}",
      hostname: "*.staging.example.com",
      certificates: ["${google_certificate_manager_certificate.certificate_wildcard_staging_example_com.id}"],
    });
  });

  test("outputs name the map and the certificates", () => {
    const { json } = certificate(["example.com"], (made, stack) => {
      stack.output("map", { value: made.mapName });
      stack.output("map_id", { value: made.mapId });
      stack.output("certificates", { value: made.certificateIds });
    });
    expect(json["resource"].google_certificate_manager_certificate_map.certificate).toMatchObject({
      name: "web",
    });
    expect(json["output"]).toEqual({
      map: { value: "${google_certificate_manager_certificate_map.certificate.name}" },
      map_id: { value: "${google_certificate_manager_certificate_map.certificate.id}" },
      certificates: {
        value: { "example.com": "${google_certificate_manager_certificate.certificate_example_com.id}" },
      },
    });
  });

  test("in Cloud DNS the proof of control is a record with Google's own names, dots included", () => {
    const stack = synthesize((scope) => {
      new GoogleProvider(scope, "google");
      const dns = new CloudDnsZone(scope, "zone", {
        projectId: "project",
        name: "zone",
        zoneName: "example.com",
        deletionProtection: false,
      });
      new Certificate(scope, "certificate", {
        projectId: "project",
        name: "web",
        dns,
        domains: ["*.example.com"],
      });
    });
    const record =
      "google_certificate_manager_dns_authorization.certificate_example_com_authorization.dns_resource_record";
    expect(stack.resource("google_dns_record_set", "certificate_example_com_record")).toEqual({
      project: "project",
      managed_zone: "${google_dns_managed_zone.zone.name}",
      name: `\${${record}[0].name}`,
      type: "CNAME",
      ttl: 300,
      rrdatas: [`\${${record}[0].data}`],
    });
  });
});
