import { CloudflareDns } from "../../../lib/cloudflare/dns";
import type { ModuleDefinition } from "../definition";

// What lib/cloudflare/dns.ts does to text, in Terraform's words. URL encoding has a byte as % and two digits, or as itself.
const QUOTED = JSON.stringify(String.raw`(?s)^"([^"\\]|\\.)*"( "([^"\\]|\\.)*")*$`);
const PRINTABLE = String.fromCharCode(...Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index));
const ESCAPED = `replace(substr(${JSON.stringify(PRINTABLE)}, code - 32, 1), ${JSON.stringify(String.raw`/(["\\])/`)}, ${JSON.stringify(String.raw`\$1`)})`;
const OF_CODE = `code < 32 || code > 126 ? format(${JSON.stringify(String.raw`\%03d`)}, code) : ${ESCAPED}`;
const OF_BYTE = `length(byte) == 1 ? replace(byte, "+", " ") : [for code in [parseint(substr(byte, 1, 2), 16)] : ${OF_CODE}][0]`;
const STRINGS = `join(" ", [for bytes in chunklist(regexall("%..|.", urlencode(each.value.content)), 255) : "\\"\${join("", [for byte in bytes : ${OF_BYTE}])}\\""])`;

export const dns: ModuleDefinition = {
  name: "dns",
  description: "Records of a Cloudflare zone.",
  file: "lib/cloudflare/dns.ts",
  construct: "CloudflareDns",
  props: "CloudflareDnsProps",
  isInstance: (construct) => construct instanceof CloudflareDns,
  declare: (scope, id, props) => new CloudflareDns(scope, id, props),
  main: "zone",
  fixed: {},
  entryNames: { records: "record" },
  computed: {
    "cloudflare_dns_record.record": {
      name: '${trimprefix("${coalesce(each.value.name, each.key)}.${var.zone_name}", "@.")}',
      content: `\${each.value.type != "TXT" || can(regex(${QUOTED}, each.value.content)) ? each.value.content : ${STRINGS}}`,
    },
    output: { hostnames: "${{ for key, record in cloudflare_dns_record.record : key => record.name }}" },
  },
  outputs: [{ member: "zoneId" }, { member: "zoneName" }, { member: "hostnames" }],
  rules: [
    {
      path: "records",
      condition:
        'alltrue([for name in [for key, record in it : coalesce(record.name, key)] : name != var.zone_name && !endswith(name, ".${var.zone_name}")])',
      message:
        "records[*].name is below the zone: leave the zone's name out, and give @ for the zone itself.",
    },
    {
      path: "records",
      condition:
        'alltrue([for key, record in it : can(regex("^(@|([*]|[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)([.][a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*)$", coalesce(record.name, key)))])',
      message:
        "records[*].name, or without it the key, has to be labels of a-z, 0-9, - and _, such as api or *.staging, or @.",
    },
    {
      path: "records",
      condition:
        'alltrue([for key, record in it : record.type != "CNAME" || length([for other_key, other in it : other_key if coalesce(other.name, other_key) == coalesce(record.name, key)]) == 1])',
      message: "records[*]: a CNAME has its name alone, without another record.",
    },
    {
      path: "records.*",
      condition: 'it.type != "A" || can(cidrnetmask("${it.content}/32"))',
      message: "records[*].content has to be an IPv4 address in A records.",
    },
    {
      path: "records.*",
      condition: 'it.type != "AAAA" || can(cidrhost("${it.content}/128", 0))',
      message: "records[*].content has to be an IPv6 address in AAAA records.",
    },
    {
      path: "records.*",
      condition:
        '!contains(["CNAME", "MX"], it.type) || can(regex("^[a-z0-9_-]+([.][a-z0-9_-]+)+$", it.content))',
      message:
        "records[*].content has to be a full host name without a dot at the end in CNAME and MX records.",
    },
    {
      path: "records.*",
      condition: 'it.type != "TXT" || it.content != ""',
      message: "records[*].content has to be some text in TXT records.",
    },
    {
      path: "records.*",
      condition: '!it.proxied || contains(["A", "AAAA", "CNAME"], it.type)',
      message: "records[*]: only A, AAAA and CNAME can be proxied.",
    },
    {
      path: "records.*",
      condition: "!it.proxied || it.ttl == 1",
      message: "records[*]: a proxied record has no ttl, Cloudflare sets it.",
    },
    {
      path: "records.*",
      condition: '(it.type == "MX") == (it.priority != null)',
      message: "records[*]: MX records have a priority, others none.",
    },
    {
      path: "records.*.ttl",
      condition: "it == 1 || it >= 60 && it <= 86400 && floor(it) == it",
      message: "records[*].ttl has to be 60 to 86400 seconds, or 1, which means automatic.",
    },
    {
      path: "records",
      condition:
        'alltrue([for key, record in it : !record.proxied || record.advanced_certificate || !strcontains(coalesce(record.name, key), ".")])',
      message:
        "records[*] is proxied more than one level below the zone, where Cloudflare has no certificate: order an advanced one and set advanced_certificate.",
    },
  ],
  example: `module "dns" {
  source = "./modules/dns"

  zone_id   = "0123456789abcdef0123456789abcdef"
  zone_name = "example.com"
  records = {
    apex = { name = "@", type = "A", content = module.network.ingress_ip, proxied = true }
    mail = { name = "@", type = "MX", content = "mx.example.net", priority = 10 }
  }
}`,
};
