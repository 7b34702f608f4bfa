import { availableParallelism } from "node:os";
import type { LocalConfig } from "./config.ts";

const OFFLINE_MODEL = "local-extractive-1";
/** The made-up domain of the local identity provider; it is never resolved. */
export const ISSUER = "https://clerk.cairn.local";

const url = (port: number) => `http://127.0.0.1:${port}`;

/** Below the app's own address, where a proxy passes it on: the Frontend API of the identity that comes along. */
const IDENTITY_PATH = "/__clerk";

/** The variables with which the product finds the loopback cloud. The product cannot tell them from real ones. */
export function productEnvironment({ secrets, ports, appUrl }: LocalConfig): Record<string, string> {
  const database = (role: string, password: string) => databaseUrl(ports.neon, { role, password });
  const identity = appUrl === undefined ? `http://localhost:${ports.identity}` : appUrl + IDENTITY_PATH;
  return {
    APP_URL: appUrl ?? `http://localhost:${ports.app}`,
    DATABASE_URL: database("app_runtime", secrets.runtimePassword),
    // Database and product share the machine: with 10 connections on 2 cores the engine does a fifth less than with 4.
    DATABASE_POOL_SIZE: String(Math.max(4, 2 * availableParallelism())),
    DATABASE_URL_UNPOOLED: database("cairn_owner", secrets.ownerPassword),
    KV_REST_API_URL: url(ports.redis),
    KV_REST_API_TOKEN: secrets.kvToken,
    QSTASH_URL: url(ports.qstash),
    QSTASH_TOKEN: secrets.qstashToken,
    QSTASH_CURRENT_SIGNING_KEY: secrets.qstashCurrentKey,
    QSTASH_NEXT_SIGNING_KEY: secrets.qstashNextKey,
    PINECONE_API_KEY: secrets.pineconeKey,
    PINECONE_CONTROLLER_HOST: url(ports.pinecone),
    ...modelEnvironment(url(ports.openai), secrets.llmKey),
    CLERK_SECRET_KEY: secrets.clerkSecretKey,
    CLERK_JWT_KEY: secrets.clerkPublicKey,
    CLERK_WEBHOOK_SIGNING_SECRET: secrets.clerkWebhookSecret,
    CLERK_API_URL: url(ports.identity),
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_live_${Buffer.from(`${new URL(ISSUER).host}$`).toString("base64")}`,
    NEXT_PUBLIC_CLERK_PROXY_URL: identity,
    CLERK_JS_URL: `${identity}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`,
    CLERK_UI_URL: `${identity}/npm/@clerk/ui@1/dist/ui.browser.js`,
    // The stand-ins for MCP, mail, web search and makers of models, Figma's desktop app, and what the caller's own environment allows.
    HTTP_ALLOW_HOSTS: [
      ...[ports.mcp, ports.mail, ports.search, ports.anthropic, ports.google, 3845].map(
        (port = 0) => `127.0.0.1:${port}`,
      ),
      ...(process.env["HTTP_ALLOW_HOSTS"]?.split(",") ?? []),
    ].join(","),
    SECRETS_KEY: secrets.sealingKey,
    METRICS_TOKEN: secrets.metricsToken,
    CRON_SECRET: secrets.cronSecret,
    VAPID_PRIVATE_KEY: secrets.pushKey,
    // Push services want an https address or a mail address; localhost is neither.
    VAPID_SUBJECT: appUrl?.startsWith("https:") ? appUrl : "mailto:operator@cairn.local",
    UPSTASH_DISABLE_TELEMETRY: "1",
    NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
    NEXT_PUBLIC_CLERK_KEYLESS_DISABLED: "1",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** A door on this machine to a database. */
const databaseUrl = (
  port: number,
  { role, password }: { readonly role: string; readonly password: string },
) => `postgres://${role}:${password}@127.0.0.1:${port}/cairn?sslmode=disable`;

/** The variable with which the product finds the standby of the operator's PostgreSQL. */
export const replicaEnvironment = ({ secrets, ports }: LocalConfig): Record<string, string> => ({
  DATABASE_URL_REPLICA: databaseUrl(ports.replica ?? 0, {
    role: "app_runtime",
    password: secrets.runtimePassword,
  }),
});

/** The offline model, unless the caller's own environment names an endpoint: then that one is used with its key. */
function modelEnvironment(localUrl: string, localKey: string): Record<string, string> {
  const embedding = { EMBEDDING_MODEL: "local-hash-1024", EMBEDDING_DIMENSIONS: "1024" };
  const own = process.env["LLM_BASE_URL"] && process.env["LLM_API_KEY"] && process.env["LLM_MODEL"];
  if (own) return {};
  return {
    LLM_BASE_URL: `${localUrl}/v1`,
    LLM_API_KEY: localKey,
    LLM_MODEL: OFFLINE_MODEL,
    LLM_PRICES: JSON.stringify({ [OFFLINE_MODEL]: { input: 0, output: 0 } }),
    LLM_MODEL_NOTE:
      "Offline demo model: it quotes sentences of your documents and is not a language model. Connect a real one under Settings, Connections.",
    ...embedding,
  };
}
