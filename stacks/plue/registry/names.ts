import { plain } from "../../../lib/input/fields";

/**
 * Names no engineer may have, each with the reason. Whoever adds a namespace, a stack `staging-*` or a host below
 * the staging domain adds its name here.
 */
export const RESERVED_NAMES: Readonly<Record<string, string>> = {
  base: "staging-base is the stack of the shared cloud resources",
  platform: "staging-platform is the stack of the shared in-cluster services, and platform their namespace",
  access: "staging-access is the stack of the engineers' identities",
  production: "production is a stack, a namespace and an image tag",
  app: "production-app is a stack, and staging-app would read as its counterpart",
  staging: "it is the name of the environment that all engineers share",
  plue: "it is the name of the release in every namespace",
  default: "it is a namespace of every Kubernetes cluster",
  workflows: "it is the namespace of workflow runs in older deployments",
  "external-secrets": "it is the namespace of the External Secrets operator",
  "database-grants": "it is the namespace of the job that keeps the databases' rights",
  www: "it is a host name of the web site",
  api: "it is a host name of the API",
  constructor: "it is a property of every JavaScript object",
};

/** Beginnings no engineer's name may have, each with the reason. */
export const RESERVED_PREFIXES: Readonly<Record<string, string>> = {
  bootstrap: "staging-bootstrap is the stack of the state bucket and of those who deploy",
  "kube-": "Kubernetes keeps these namespaces for itself",
  "gke-": "GKE keeps these namespaces for itself",
  "gmp-": "Google's managed Prometheus keeps these namespaces for itself",
  gateway: "the namespace gateway holds the shared Gateway",
  "istio-": "Istio and GKE's service mesh keep these namespaces for themselves",
  "xn--": "DNS keeps these labels for names in other scripts",
};

/** Why nobody may have this name; undefined if somebody may. */
export function whyReserved(name: string): string | undefined {
  if (Object.hasOwn(RESERVED_NAMES, name)) return RESERVED_NAMES[name];
  return Object.entries(RESERVED_PREFIXES).find(([prefix]) => name.startsWith(prefix))?.[1];
}

/**
 * The name that a wrong one stands for: lower-case ASCII, with hyphens for other separators; undefined if that cannot
 * be told. A right name stands for itself, so two that stand for the same one cannot both be in the registry.
 */
export function canonicalName(name: string): string | undefined {
  const canonical = plain(name)
    .replace(/@.*$/, "")
    .replace(/['"]/g, "")
    .replace(/[\s._/]/g, "-")
    .replace(/^-+|-+$/g, "");
  return /^[a-z0-9-]+$/.test(canonical) ? canonical : undefined;
}
