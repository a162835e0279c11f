/** What the names of all stacks begin with. */
export const PREFIX = "orchestra-";

/** Stacks, in the order of a first deployment. */
export const STACKS = {
  bootstrap: `${PREFIX}bootstrap`,
  base: `${PREFIX}base`,
  application: `${PREFIX}application`,
} as const;

/** What Cloud Run runs. */
export const RUN = {
  server: "orchestra-server",
  engine: "orchestra-engine",
  worker: "orchestra-worker",
  migrate: "orchestra-migrate",
} as const;

/** Repository of the images in Artifact Registry, and of what they are. */
export const REGISTRY = "orchestra";

/** Tag of the images that run, which the build moves when it has deployed them. */
export const RELEASED = "production";

/** Cloud SQL instance, its database, and the user that owns it. */
export const DATABASE = { instance: "orchestra-db", name: "orchestra", user: "orchestra" } as const;

/** Secret with the password that Terraform makes for the database's user. */
export const DATABASE_PASSWORD = "orchestra-db-password";

/** Secrets that people fill in, by the environment variable that each becomes. */
export const SECRETS = {
  DATABASE_URL: "database-url",
  REDIS_URL: "redis-url",
  JWT_SECRET: "jwt-secret",
  ANTHROPIC_API_KEY: "anthropic-api-key",
  OPENAI_API_KEY: "openai-api-key",
  SENTRY_DSN: "sentry-dsn",
  POSTHOG_API_KEY: "posthog-api-key",
  STRIPE_SECRET_KEY: "stripe-secret-key",
  STRIPE_WEBHOOK_SECRET: "stripe-webhook-secret",
} as const;

/** Name of the load balancer, and of its URL map. */
export const EDGE = "orchestra-edge";

/** Id of the service account that builds run as: base makes it, and application says what it may deploy. */
export const BUILDS = "orchestra-builds";

/** Id of the custom role by which a build empties Cloud CDN's cache; the bootstrap makes it. */
export const CACHE_ROLE = "cdnCacheInvalidator";

/** Hosts of the API, and of the frontend. */
export function hosts(domain: string) {
  return { api: `api.${domain}`, app: `app.${domain}` };
}
