const NOWHERE = "http://127.0.0.1:9";

/** A complete environment in which nothing answers. A test replaces what it needs, before anything asks for it. */
export const DEFAULT_ENVIRONMENT: Readonly<Record<string, string>> = {
  APP_URL: "http://localhost:3000",
  DATABASE_URL: "postgres://nobody@127.0.0.1:9/cairn",
  KV_REST_API_URL: NOWHERE,
  KV_REST_API_TOKEN: "token",
  QSTASH_URL: NOWHERE,
  QSTASH_TOKEN: "token",
  QSTASH_CURRENT_SIGNING_KEY: "current",
  QSTASH_NEXT_SIGNING_KEY: "next",
  PINECONE_API_KEY: "key",
  PINECONE_CONTROLLER_HOST: NOWHERE,
  LLM_BASE_URL: `${NOWHERE}/v1`,
  LLM_API_KEY: "key",
  LLM_MODEL: "local-extractive-1",
  EMBEDDING_MODEL: "local-hash-1024",
  CLERK_SECRET_KEY: "sk_test_key",
  CLERK_JWT_KEY: "pem",
  CLERK_WEBHOOK_SIGNING_SECRET: "whsec_dGVzdA==",
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: "pk_test_key",
  SECRETS_KEY: "0123456789abcdef0123456789abcdef",
  METRICS_TOKEN: "metrics",
  CRON_SECRET: "cron",
  // Of the example in RFC 8291.
  VAPID_PRIVATE_KEY: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
};

/** Sets the variables that `lib/env.ts` reads at its first use. */
export function setEnvironment(overrides: Readonly<Record<string, string>> = {}): void {
  Object.assign(process.env, DEFAULT_ENVIRONMENT, overrides);
}
