import { WITHOUT_ARMOR } from "../../../lib/core/labels";
import { given, resourceType } from "../../../lib/core/resource-types";
import { argument } from "../../../lib/core/terraform-json";
import { lackingIn, requires } from "./required";
import { at, leaves, list, type Rule, resources, rule } from "./rule";

/** Everybody, or so large a part of the internet that it is meant to be everybody: 0.0.0.0/1 and its other half. */
const EVERYWHERE = /^(\d+\.){3}\d+\/[0-7]$|^[0-9a-f:]+\/[0-3]$/i;

export const NETWORK_RULES: readonly Rule[] = [
  rule("no-open-ingress", {
    title: "Nothing but the load balancer is open to the internet",
    why: "The load balancer opens its own ports; every other address in the network is private, and stays so.",
    *find(program) {
      for (const block of resources(program, /^google_/)) {
        if (block.type === "google_compute_firewall" && list(block.args["deny"]).length > 0) continue;
        if (block.type === "google_compute_firewall" && block.args["direction"] === "EGRESS") continue;
        for (const { path, value } of leaves(block.args))
          if (EVERYWHERE.test(String(value)))
            yield at(
              block,
              `${path.join(".")} is ${value}, the internet: name the ranges or service accounts that may come in; what users reach goes through the Gateway`,
            );
      }
    },
  }),
  rule("firewall-denies-by-default", {
    title: "Each network refuses, and logs, what no rule allows",
    why: "Google's implied rule refuses without a trace: nobody sees who knocks.",
    *find(program) {
      const denials = resources(program, "google_compute_firewall").filter(
        ({ args }) =>
          list(args["deny"]).some((deny) => argument(deny, "protocol") === "all") &&
          list(args["source_ranges"]).includes("0.0.0.0/0") &&
          argument(args, "log_config") !== undefined,
      );
      for (const network of resources(program, "google_compute_network"))
        if (
          !denials.some(
            ({ stack, args }) =>
              stack === network.stack && String(args["network"]).includes(`.${network.name}.`),
          )
        )
          yield at(
            network,
            'has no rule that denies and logs the rest: let Networking make it (defaultDenyIngress), or deny "all" from 0.0.0.0/0 at priority 65534 with a log_config',
          );
    },
  }),
  rule("no-public-machines", {
    title: "No machine has an address of its own on the internet",
    why: "What has no address cannot be reached: machines go out by Cloud NAT.",
    *find(program) {
      for (const block of resources(
        program,
        /^google_compute_(instance|instance_template|region_instance_template)$/,
      ))
        if (
          list(block.args["network_interface"]).some(
            (one) => (argument(one, "access_config") ?? argument(one, "ipv6_access_config")) !== undefined,
          )
        )
          yield at(
            block,
            "has an access_config, a public address: leave it out, the network's NAT leads out",
          );
      for (const block of resources(program, "google_container_cluster")) {
        if (argument(block.args, "private_cluster_config", "enable_private_nodes") !== true)
          yield at(
            block,
            "has nodes with public addresses: set private_cluster_config.enable_private_nodes = true",
          );
        const open =
          argument(block.args, "control_plane_endpoints_config", "ip_endpoints_config", "enabled") !== false;
        if (open && argument(block.args, "master_authorized_networks_config", "cidr_blocks") === undefined)
          yield at(
            block,
            "lets every address reach the control plane: use the DNS endpoint alone, or name master_authorized_networks_config.cidr_blocks",
          );
      }
      // A pool may say otherwise than its cluster.
      for (const pool of resources(program, "google_container_node_pool"))
        if (argument(pool.args, "network_config", "enable_private_nodes") === false)
          yield at(
            pool,
            "has nodes with public addresses: leave network_config.enable_private_nodes out, the cluster says it",
          );
    },
  }),
  requires("sql-is-private", {
    title: "Databases have a private address",
    why: "A public address is one password away from everybody.",
    all: [
      {
        type: "google_sql_database_instance",
        path: "settings.ip_configuration.ipv4_enabled",
        is: false,
        write: "set ipv4_enabled = false",
      },
      {
        type: "google_sql_database_instance",
        path: "settings.ip_configuration.private_network",
        is: (value) => typeof value === "string" && value !== "",
        write: "name the network, which needs private services access",
      },
      {
        type: "google_sql_database_instance",
        path: "settings.ip_configuration.authorized_networks",
        is: (value) => value === undefined,
        write: "leave authorized_networks out: they are for public addresses",
      },
    ],
  }),
  rule("tls-is-current", {
    title: "Databases, load balancer and CDN speak current TLS, and the CDN checks the origin's certificate",
    why: "Without TLS everybody on the way reads along; older TLS can be broken, and an unchecked certificate is anybody's.",
    *find(program) {
      for (const block of resources(program)) yield* lackingIn(block, resourceType(block.type)?.tls ?? []);
    },
  }),
  rule("origin-behind-its-cdn", {
    title: "An origin that has a CDN in front takes requests from it alone",
    why: "The CDN's rules and rate limits bind nobody who asks the load balancer itself.",
    *find(program) {
      for (const [stack, json] of program.stacks) {
        const one = { ...program, stacks: new Map([[stack, json]]) };
        const proxied = resources(one, "cloudflare_dns_record").filter(
          ({ args }) => args["proxied"] === true && /^A+$/.test(String(args["type"])),
        );
        const closed = resources(one, "google_compute_security_policy").some(({ args }) =>
          list(args["rule"]).some(
            (last) =>
              argument(last, "priority") === 2_147_483_647 &&
              String(argument(last, "action")).startsWith("deny"),
          ),
        );
        if (closed) continue;
        for (const record of proxied)
          yield at(
            record,
            "leads to an origin that takes requests from everybody: declare an CloudArmorPolicy with the CDN's allowedRanges, and attach it",
          );
      }
    },
  }),
  rule("backends-are-guarded", {
    title: "What the internet reaches through a load balancer is behind Cloud Armor, or says why not",
    why: "Without a policy nobody stops a flood of requests, and nobody sees in the code that it was forgotten.",
    *find(program) {
      for (const block of resources(program, "google_compute_backend_service")) {
        const { args } = block;
        if (!/^EXTERNAL/.test(String(args["load_balancing_scheme"] ?? "EXTERNAL"))) continue;
        const said = String(args["description"] ?? "");
        if (
          !given(args["security_policy"]) &&
          !(said.startsWith(WITHOUT_ARMOR) && said.length > WITHOUT_ARMOR.length)
        )
          yield at(
            block,
            `has no security_policy: name one, or let its description begin with "${WITHOUT_ARMOR}" and the reason`,
          );
        if (argument(args, "iap", "enabled") === true && args["enable_cdn"] === true)
          yield at(block, "has Cloud CDN, whose copies IAP does not guard: take one of the two");
      }
    },
  }),
  rule("http-only-redirects", {
    title: "A load balancer answers HTTP with a redirect to HTTPS",
    why: "Whatever is asked for in plain text, its cookies included, everybody on the way reads.",
    *find(program) {
      const redirects = resources(program, "google_compute_url_map").filter(
        ({ args }) =>
          argument(args, "default_url_redirect", "https_redirect") === true &&
          args["host_rule"] === undefined,
      );
      for (const proxy of resources(program, "google_compute_target_http_proxy"))
        if (
          !redirects.some(
            ({ stack, name }) => stack === proxy.stack && String(proxy.args["url_map"]).includes(`.${name}.`),
          )
        )
          yield at(
            proxy,
            "serves a URL map in plain text: name one that has default_url_redirect.https_redirect and nothing else",
          );
    },
  }),
  rule("no-retired-edge", {
    title: "Certificates are Certificate Manager's, and IAP's OAuth clients Google's own",
    why: "A managed SSL certificate is valid only after its domain has been moved, and one of one's own has its private key in the state; the API for IAP's brands and clients ended in March 2026.",
    *find(program) {
      for (const block of resources(program, /^google_compute_(managed_|region_)?ssl_certificate$/))
        yield at(block, "is no certificate of Certificate Manager: declare a Certificate, and name its map");
      for (const block of resources(program, /^google_iap_(brand|client)$/))
        yield at(block, "has no API any more: leave it out, iap.enabled alone takes Google's own client");
    },
  }),
  rule("rate-limits-have-a-key", {
    title: "A rate limit says whose requests it counts",
    why: "Without a key all clients have one budget, and one of them can use it up for everybody.",
    *find(program) {
      for (const block of resources(program, /^google_compute_(region_)?security_policy(_rule)?$/)) {
        const dynamic = list(argument(block.args, "dynamic", "rule")).map((each) =>
          argument(each, "content"),
        );
        for (const each of [block.args, ...list(block.args["rule"]), ...dynamic]) {
          const options = argument(each, "rate_limit_options");
          if (
            options !== undefined &&
            !given(argument(options, "enforce_on_key")) &&
            !given(argument(options, "enforce_on_key_configs"))
          )
            yield at(
              block,
              `counts everybody together in the rule of priority ${argument(each, "priority")}: set enforce_on_key to "IP", or "XFF_IP" behind a CDN`,
            );
        }
      }
    },
  }),
];
