import type { Stack } from "../../lib/core/stack";
import { CloudArmorPolicy } from "../../lib/google/cloud-armor";

const PROJECT = "acme-prod";

export function declare(stack: Stack): void {
  new CloudArmorPolicy(stack, "gateway", {
    projectId: PROJECT,
    name: "acme-gateway",
    allowedRanges: ["192.0.2.0/24", "198.51.100.0/24"],
    rateLimits: {
      clientAddressHeader: "CF-Connecting-IP",
      paths: [{ description: "Logins", path: "/login", requests: 20, seconds: 60 }],
    },
  });
  new CloudArmorPolicy(stack, "api", {
    projectId: PROJECT,
    name: "acme-api",
    defaultAction: "deny(404)",
    adaptiveProtection: true,
    jsonParsing: "STANDARD_WITH_GRAPHQL",
    logLevel: "VERBOSE",
    userIpHeaders: ["True-Client-IP"],
    sslPolicy: true,
    rules: {
      injection: {
        priority: 1000,
        description: "SQL injection",
        inspect: "sqli",
        version: "3.3",
        sensitivity: 2,
        exclude: ["owasp-crs-v030301-id942110-sqli"],
        action: "deny(502)",
        preview: false,
      },
      scripting: { priority: 1010, inspect: "xss", sensitivity: 1 },
      office: { priority: 1100, ranges: ["203.0.113.0/24"], action: "allow" },
      admin: {
        priority: 1200,
        expression: "request.path.startsWith('/admin') || request.headers['host'] == 'admin.acme.example'",
        action: "deny(403)",
        preview: true,
      },
      sessions: {
        priority: 2000,
        expression: "request.path.startsWith('/api/')",
        limit: { requests: 100, key: "HTTP_COOKIE", keyName: "session", exceed: "deny(403)" },
      },
      floods: {
        priority: 3000,
        limit: {
          requests: 1000,
          seconds: 60,
          key: "USER_IP",
          ban: { seconds: 600, above: { requests: 5000, seconds: 300 } },
        },
        preview: true,
      },
    },
  });
  new CloudArmorPolicy(stack, "edge", {
    projectId: PROJECT,
    name: "acme-edge",
    edge: true,
    rules: { embargo: { priority: 1000, expression: "origin.region_code == 'XX'", action: "deny(403)" } },
  });
}
