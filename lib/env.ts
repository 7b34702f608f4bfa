import * as v from "valibot";

/**
 * The only reader of process.env. Every value is checked once, at first use, and a missing or malformed one
 * is reported by its name. Edge-safe: middleware imports it too.
 */
const text = v.pipe(v.string(), v.trim(), v.minLength(1));
const url = v.pipe(text, v.url());
const optionalText = v.optional(text);
const whole = (fallback: number) =>
  v.optional(v.pipe(text, v.toNumber(), v.integer(), v.minValue(0)), String(fallback));
const share = (fallback: string) =>
  v.optional(
    v.pipe(text, v.toNumber(), v.minValue(0, "must be from 0 to 1"), v.maxValue(1, "must be from 0 to 1")),
    fallback,
  );
const list = v.optional(
  v.pipe(
    v.string(),
    v.transform((value) =>
      value
        .split(",")
        .map((item) => item.trim())
        .filter(Boolean),
    ),
  ),
  "",
);

/** As OpenTelemetry writes them: name=value, name=value, with values as in addresses. */
const pairs = v.optional(
  v.pipe(
    v.string(),
    v.transform((value) =>
      Object.fromEntries(
        value.split(",").flatMap((pair) => {
          const [name = "", ...rest] = pair.split("=");
          return name.trim() === "" ? [] : [[name.trim().toLowerCase(), decode(rest.join("=").trim())]];
        }),
      ),
    ),
  ),
  "",
);

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const Variables = v.object({
  APP_URL: v.pipe(
    url,
    v.transform((value) => value.replace(/\/+$/, "")),
  ),
  CAIRN_REGION: v.optional(
    v.pipe(
      text,
      v.maxLength(40),
      v.regex(
        /^[a-z0-9]+(-[a-z0-9]+)*$/,
        "must be lower-case words with hyphens, such as eu or eu-central-1",
      ),
    ),
  ),
  DATABASE_URL: text,
  DATABASE_URL_REPLICA: optionalText,
  DATABASE_REPLICA_LAG_MS: whole(5_000),
  DATABASE_POOL_SIZE: whole(10),
  KV_REST_API_URL: url,
  KV_REST_API_TOKEN: text,
  QSTASH_URL: url,
  QSTASH_TOKEN: text,
  QSTASH_CURRENT_SIGNING_KEY: text,
  QSTASH_NEXT_SIGNING_KEY: text,
  VERCEL_AUTOMATION_BYPASS_SECRET: optionalText,
  PINECONE_API_KEY: text,
  PINECONE_INDEX: v.optional(text, "cairn"),
  PINECONE_CONTROLLER_HOST: optionalText,
  LLM_BASE_URL: url,
  LLM_API_KEY: text,
  LLM_MODEL: text,
  LLM_MODEL_NOTE: optionalText,
  LLM_PRICES: v.optional(
    v.pipe(
      v.string(),
      v.parseJson(),
      v.record(
        v.string(),
        v.object({ input: v.number(), cachedInput: v.optional(v.number()), output: v.number() }),
      ),
    ),
    "{}",
  ),
  EMBEDDING_MODEL: text,
  EMBEDDING_DIMENSIONS: whole(1024),
  CLERK_SECRET_KEY: text,
  CLERK_JWT_KEY: v.pipe(
    text,
    v.transform((value) => value.replaceAll("\\n", "\n")),
  ),
  CLERK_WEBHOOK_SIGNING_SECRET: text,
  CLERK_API_URL: optionalText,
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: text,
  NEXT_PUBLIC_CLERK_PROXY_URL: optionalText,
  CLERK_JS_URL: optionalText,
  CLERK_UI_URL: optionalText,
  SECRETS_KEY: v.pipe(
    text,
    v.minLength(32, "must be at least 32 characters; make one with: openssl rand -base64 32"),
  ),
  METRICS_TOKEN: text,
  CRON_SECRET: text,
  SENTRY_DSN: optionalText,
  SENTRY_TRACES_SAMPLE_RATE: share("0.1"),
  SENTRY_PROFILES_SAMPLE_RATE: share("0"),
  VAPID_PRIVATE_KEY: v.optional(
    v.pipe(text, v.regex(/^[A-Za-z0-9_-]{43}$/, "must be 32 bytes in base64url; npm run setup makes one")),
  ),
  VAPID_SUBJECT: v.optional(
    v.pipe(text, v.regex(/^(https:\/\/|mailto:)/, "must begin with https:// or mailto:")),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: v.optional(url),
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_SERVICE_NAME: v.optional(text, "cairn"),
  VERCEL_GIT_COMMIT_SHA: optionalText,
  __NEXT_BUILD_ID: optionalText,
  HTTP_ALLOW_HOSTS: list,
  LOG_LEVEL: v.optional(v.picklist(["debug", "info", "warn", "error", "silent"]), "info"),
  STEP_BUDGET_MS: whole(20_000),
  STEP_LIMIT: whole(25),
  STEP_LEASE_MS: whole(330_000),
});

function parse(source: Record<string, string | undefined>) {
  // An empty variable means "not set": that is how dashboards and .env files say it.
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = v.safeParse(Variables, given);
  if (!result.success) {
    const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? "?"}: ${issue.message}`);
    throw new Error(`The environment is not complete. See .env.example.\n  ${problems.join("\n  ")}`);
  }
  return shape(result.output);
}

type Parsed = v.InferOutput<typeof Variables>;

function shapeCollector(e: Parsed) {
  if (e.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  return {
    url: `${e.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, "")}/v1/traces`,
    headers: e.OTEL_EXPORTER_OTLP_HEADERS,
    resource: {
      "service.name": e.OTEL_SERVICE_NAME,
      ...(e.VERCEL_GIT_COMMIT_SHA !== undefined && { "service.version": e.VERCEL_GIT_COMMIT_SHA }),
    },
  };
}

function shape(e: Parsed) {
  return {
    appUrl: e.APP_URL,
    /** What the region of this deployment is called: everything that a workspace stores is in it. */
    region: e.CAIRN_REGION,
    database: {
      url: e.DATABASE_URL,
      poolSize: e.DATABASE_POOL_SIZE,
      replicaUrl: e.DATABASE_URL_REPLICA,
      replicaLagMs: e.DATABASE_REPLICA_LAG_MS,
    },
    kv: { url: e.KV_REST_API_URL, token: e.KV_REST_API_TOKEN },
    qstash: {
      url: e.QSTASH_URL,
      token: e.QSTASH_TOKEN,
      currentSigningKey: e.QSTASH_CURRENT_SIGNING_KEY,
      nextSigningKey: e.QSTASH_NEXT_SIGNING_KEY,
      protectionBypass: e.VERCEL_AUTOMATION_BYPASS_SECRET,
    },
    pinecone: {
      apiKey: e.PINECONE_API_KEY,
      index: e.PINECONE_INDEX,
      controllerHost: e.PINECONE_CONTROLLER_HOST,
    },
    llm: {
      baseUrl: e.LLM_BASE_URL,
      apiKey: e.LLM_API_KEY,
      model: e.LLM_MODEL,
      note: e.LLM_MODEL_NOTE,
      prices: e.LLM_PRICES,
      embeddingModel: e.EMBEDDING_MODEL,
      embeddingDimensions: e.EMBEDDING_DIMENSIONS,
    },
    clerk: {
      secretKey: e.CLERK_SECRET_KEY,
      jwtKey: e.CLERK_JWT_KEY,
      webhookSecret: e.CLERK_WEBHOOK_SIGNING_SECRET,
      apiUrl: e.CLERK_API_URL,
      publishableKey: e.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
      proxyUrl: e.NEXT_PUBLIC_CLERK_PROXY_URL,
      jsUrl: e.CLERK_JS_URL,
      uiUrl: e.CLERK_UI_URL,
    },
    secretsKey: e.SECRETS_KEY,
    metricsToken: e.METRICS_TOKEN,
    cronSecret: e.CRON_SECRET,
    sentryDsn: e.SENTRY_DSN,
    /** The share of requests and page loads that Sentry gets a trace of. */
    sentryTraces: e.SENTRY_TRACES_SAMPLE_RATE,
    /** The share of those that it gets a profile of, too. */
    sentryProfiles: e.SENTRY_DSN === undefined ? 0 : e.SENTRY_PROFILES_SAMPLE_RATE,
    /** The commit that this deployment was made from. */
    release: e.VERCEL_GIT_COMMIT_SHA,
    /** As Next tells it to middleware; elsewhere `readBuildId` has it. */
    buildId: e["__NEXT_BUILD_ID"],
    push: { privateKey: e.VAPID_PRIVATE_KEY, subject: e.VAPID_SUBJECT },
    otlp: shapeCollector(e),
    httpAllowHosts: e.HTTP_ALLOW_HOSTS,
    logLevel: e.LOG_LEVEL,
    step: { budgetMs: e.STEP_BUDGET_MS, limit: e.STEP_LIMIT, leaseMs: e.STEP_LEASE_MS },
  } as const;
}

export type Environment = ReturnType<typeof parse>;

let parsed: Environment | undefined;

/** The parsed environment. @throws Error naming every missing or malformed variable. */
export function env(): Environment {
  // Not destructured and not a literal member access: Next would otherwise inline NEXT_PUBLIC_ values at build time,
  // and one build has to serve every environment.
  parsed ??= parse(process.env);
  return parsed;
}
