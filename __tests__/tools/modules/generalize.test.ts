import { ComputeFirewall } from "@cdktf/provider-google/lib/compute-firewall";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { Construct } from "constructs";
import type { ModuleDefinition } from "../../../tools/modules/definition";
import type { Field, Shape } from "../../../tools/modules/fields";
import { generalize } from "../../../tools/modules/generalize";
import { makeModule } from "../../../tools/modules/module";
import { renderConfig } from "../../../tools/modules/render";

// biome-ignore lint/suspicious/noExplicitAny: any props
type Props = any;

const field = (name: string, kind: Shape | "string" | "number" | "boolean", optional = true): Field => ({
  prop: name,
  name,
  optional,
  orFalse: false,
  shape: typeof kind === "string" ? { kind } : kind,
  description: "",
});

/** A construct that declares this network, and more. */
function definitionOf(
  declare: (scope: Construct, props: Props) => void,
  more: Partial<ModuleDefinition> = {},
): ModuleDefinition {
  return {
    name: "toy",
    description: "",
    file: "",
    construct: "Toy",
    props: "",
    isInstance: () => false,
    declare: (scope, id, props) => {
      const construct = new Construct(scope, id);
      declare(construct, props);
      return construct;
    },
    main: "network",
    fixed: {},
    outputs: [],
    example: "",
    ...more,
  };
}

/** The module of such a construct. */
function moduleOf(
  fields: Field[],
  declare: (scope: Construct, props: Props) => void,
  more: Partial<ModuleDefinition> = {},
) {
  const definition = definitionOf(declare, more);
  const general = generalize(definition, fields);
  return {
    defaults: Object.fromEntries(general.defaults),
    config: renderConfig(definition, general) as Props,
  };
}

describe("a construct for all props at once", () => {
  test("has the construct's defaults, wherever these stand", () => {
    const { defaults, config } = moduleOf(
      [
        field("name", "string", false),
        field("mtu", "number"),
        field("text", "string"),
        field("auto", "boolean"),
        field("off", "boolean"),
      ],
      (scope, { name, mtu = 1460, text, auto = true, off = false }) =>
        new ComputeNetwork(scope, "Resource", {
          name: `net-${name}`,
          mtu,
          description: text,
          autoCreateSubnetworks: auto,
          deleteDefaultRoutesOnCreate: off,
        }),
    );
    expect(defaults).toEqual({ mtu: 1460, text: null, auto: true, off: false });
    expect(config.resource.google_compute_network.network).toEqual({
      name: "net-${var.name}",
      mtu: "${var.mtu}",
      description: "${var.text}",
      auto_create_subnetworks: "${var.auto}",
      delete_default_routes_on_create: "${var.off}",
    });
  });

  test("falls back to what the construct falls back to", () => {
    const { config } = moduleOf(
      [field("name", "string", false), field("text", "string")],
      (scope, { name, text }) =>
        new ComputeNetwork(scope, "Resource", { name, description: text ?? `of ${name}` }),
    );
    expect(config.resource.google_compute_network.network.description).toBe(
      '${coalesce(var.text, "of ${var.name}")}',
    );
  });

  test("counts what is there only sometimes, and refers to it where it is", () => {
    const { config } = moduleOf(
      [
        field("extra", "boolean"),
        field("more", { kind: "object", fields: [field("name", "string", false)] }),
      ],
      (scope, { extra, more }) => {
        const network = new ComputeNetwork(scope, "Resource", { name: "always" });
        if (more) new ComputeNetwork(scope, "more", { name: more.name });
        if (!extra) return;
        const other = new ComputeNetwork(scope, "extra", { name: "other", description: network.name });
        new ComputeFirewall(scope, "rule", { name: "rule", network: other.id });
      },
    );
    const { google_compute_network: networks, google_compute_firewall: rules } = config.resource;
    expect(networks.extra).toEqual({
      count: "${var.extra ? 1 : 0}",
      name: "other",
      description: "${google_compute_network.network.name}",
    });
    expect(networks.more).toEqual({ count: "${var.more == null ? 0 : 1}", name: "${var.more.name}" });
    expect(rules.rule.network).toBe("${google_compute_network.extra[0].id}");
  });

  test("makes blocks dynamic: of an optional object, of a switch, of a list", () => {
    const fields = [
      field("log", "boolean"),
      field("allow", {
        kind: "list",
        item: { kind: "object", fields: [field("protocol", "string", false)] },
      }),
      field("when", { kind: "object", fields: [field("create", "string", false)] }),
    ];
    const { defaults, config } = moduleOf(
      fields,
      (scope, { log, allow, when }) =>
        new ComputeFirewall(scope, "Resource", {
          name: "rule",
          network: "net",
          allow,
          timeouts: when && { create: when.create },
          logConfig: log ? { metadata: "ALL" } : undefined,
        }),
    );
    expect(defaults).toEqual({ log: false, allow: [], when: null });
    expect(config.resource.google_compute_firewall.network.dynamic).toEqual({
      allow: { for_each: "${var.allow}", content: { protocol: "${allow.value.protocol}" } },
      log_config: { for_each: "${var.log ? [true] : []}", content: { metadata: "ALL" } },
      timeouts: { for_each: "${var.when[*]}", content: { create: "${timeouts.value.create}" } },
    });
  });

  test("is refused where the construct computes what only Terraform can, and takes the expression that is given", () => {
    const declare = (scope: Construct, { size }: Props) =>
      new ComputeNetwork(scope, "Resource", { name: "n", mtu: size * 2 });
    const fields = [field("size", "number", false)];
    expect(() => moduleOf(fields, declare)).toThrow(
      /^module toy: the construct computes what only Terraform can here; .*google_compute_network\.network\.mtu/,
    );
    const computed = { "google_compute_network.network": { mtu: "${var.size * 2}" } };
    expect(moduleOf(fields, declare, { computed }).config.resource.google_compute_network.network.mtu).toBe(
      "${var.size * 2}",
    );
  });

  test("is refused where a sum of one number looks like another", () => {
    const numbers = Array.from({ length: 20 }, (_, index) => field(`n${index}`, "number", false));
    expect(() =>
      moduleOf(numbers, (scope, props) => {
        for (const [index, { name }] of numbers.entries())
          new ComputeNetwork(scope, `net${index}`, { name: `n${props[name]}`, mtu: props[name] + 1 });
      }),
    ).toThrow(/google_compute_network\.net0\.mtu \(77000138 and 88000212\)/);
  });

  test("is refused where the construct does not take a sample, which says when", () => {
    const declare = (scope: Construct, { range, on }: Props) =>
      new ComputeNetwork(scope, "Resource", { name: on ? range : range.split("/")[1].trim() });
    const fields = [field("range", "string", false), field("on", "boolean", false)];
    expect(() => moduleOf(fields, declare)).toThrow(
      /^module toy: Toy fails with sample props \(on off\): Cannot read .* Say by `samples` or `cases` in /,
    );
    const samples = { range: ["10.0.0.0/8", "10.1.0.0/8"] as const };
    expect(moduleOf(fields, declare, { samples }).config.resource.google_compute_network.network.name).toBe(
      '${var.on ? var.range : "8"}',
    );
  });

  test("is refused where a prop would be lost, as it decides something and shows nowhere", () => {
    const sources = { fields: () => [field("mode", "string", false)], members: () => new Map() };
    const toy = definitionOf((scope, { mode }) => {
      new ComputeNetwork(scope, "Resource", { name: mode === "one" ? "first" : "second" });
    });
    expect(() => makeModule(toy, sources)).toThrow(
      "module toy: nothing that Toy declares shows mode; say in tools/modules/definitions/toy.ts what it decides",
    );
    const config = makeModule({ ...toy, cases: { mode: ["one", "two"] } }, sources).config as Props;
    expect(config.resource.google_compute_network.network.name).toBe(
      '${var.mode == "two" ? "second" : "first"}',
    );
  });

  test("is refused where two choices decide one argument together", () => {
    expect(() =>
      moduleOf(
        [field("a", "boolean"), field("b", "boolean")],
        (scope, { a, b }) =>
          new ComputeNetwork(scope, "Resource", { name: "n", description: a ? (b ? "both" : "a") : "none" }),
      ),
    ).toThrow("module toy: a and b decide one argument together");
  });

  test("is refused where one item is made of several collections", () => {
    const list: Shape = { kind: "list", item: { kind: "string" } };
    expect(() =>
      moduleOf(
        [field("a", list, false), field("b", list, false)],
        (scope, { a, b }) =>
          new ComputeFirewall(scope, "Resource", {
            name: "n",
            network: "n",
            sourceTags: [`${a[0]}-${b[0]}`],
          }),
      ),
    ).toThrow("one item stands for entries of several collections: a.*, b.*");
  });
});
