import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "the address of the control plane": (bad) =>
    bad.stack.output("cluster_endpoint", { value: bad.cluster().endpoint }),
  "the cluster's certificate authority": (bad) =>
    bad.stack.output("ca", { value: bad.cluster().caCertificate }),
} satisfies BadStacks;
