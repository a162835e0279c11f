import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a subnet without flow logs": (bad) =>
    void bad.network({ subnets: { nodes: { cidr: "10.0.0.0/16", flowLogs: false } } }),
  "one entry in a hundred": (bad) =>
    void bad.network({ subnets: { nodes: { cidr: "10.0.0.0/16", flowLogs: { sampling: 0.01 } } } }),
} satisfies BadStacks;
