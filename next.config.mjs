import { existsSync } from "node:fs";
import { PHASE_PRODUCTION_SERVER } from "next/constants.js";

/** Script sources stay open for inline code: Next streams its data in inline scripts, and Clerk loads its own from where it is served. */
const SECURITY_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
  { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
];

/**
 * Workers are the service worker of our own, and those that the identity provider's script makes for its timers.
 * Everywhere but for what workflows answer to senders of webhooks: that comes with a sandbox of its own, which this would take the place of.
 */
const OWN_CONTENT = [
  {
    key: "Content-Security-Policy",
    value:
      "frame-ancestors 'none'; object-src 'none'; base-uri 'self'; worker-src 'self' blob:; manifest-src 'self'",
  },
];

/** Read from their own files by a quick build, which compiles a quarter less for it; a deployed function carries the trimmed copies of its bundle. */
const LARGE_SERVER_PACKAGES = [
  "@ai-sdk/anthropic",
  "@ai-sdk/google",
  "@ai-sdk/openai",
  "@ai-sdk/openai-compatible",
  "@cfworker/json-schema",
  "@jitl/quickjs-singlefile-mjs-release-sync",
  "@langchain/core",
  "@langchain/langgraph",
  "@langchain/langgraph-checkpoint",
  "@marcbachmann/cel-js",
  "@modelcontextprotocol/server",
  "@neondatabase/serverless",
  "@pinecone-database/pinecone",
  "@upstash/qstash",
  "@upstash/ratelimit",
  "@vercel/kv",
  "ai",
  "csv-parse",
  "html-to-text",
  "htmlparser2",
  "jose",
  "kysely",
  "mammoth",
  "mathjs",
  "pino",
  "quickjs-emscripten-core",
  "re2js",
  "unpdf",
  "yaml",
];

/** Types are a gate of their own (`npm run types`). */
const WITHOUT_TYPES = { tsconfigPath: "tsconfig.build.json", ignoreBuildErrors: true };

/** What is deployed, for whoever looks at it once and asks with CAIRN_BUILD_ONCE=1: the same output, no types, no cache for a next one. */
const BUILD_ONCE = {
  typescript: WITHOUT_TYPES,
  experimental: { turbopackFileSystemCacheForBuild: false },
};

/**
 * Leaves out of a build what only its maker reads, for whoever asks with CAIRN_QUICK_BUILD=1; what is served stays the same.
 * The cache costs 13 CPU seconds to write and saves 23 on the next build: a first build, which may be the only one, does without it.
 */
const QUICK_BUILD = {
  serverExternalPackages: ["@sentry/nextjs", ...LARGE_SERVER_PACKAGES],
  typescript: WITHOUT_TYPES,
  experimental: {
    turbopackSourceMaps: false,
    turbopackMinify: { server: false, edge: false },
    turbopackInputSourceMaps: false,
    turbopackFileSystemCacheForBuild: existsSync(".next/BUILD_ID"),
  },
};

/** @type {import('next').NextConfig} */
const config = {
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // Loaded by the processes that report errors to it, and from its own files: in the bundle it would weigh on each function, and on each build.
  serverExternalPackages: ["@sentry/nextjs"],
  // The copy of its code injection for Nodes that cannot hook modules in their own thread, which ours can.
  outputFileTracingExcludes: { "/**": ["node_modules/@sentry/server-runtime-injection/build/esm/**"] },
  // What a model is told that drafts is read from the skill's own text.
  outputFileTracingIncludes: { "/api/v1/definitions/draft": ["skills/cairn-workflows/SKILL.md"] },
  // No page has a raster image; without this the package that resizes them (22 MB) would come with every install.
  images: { unoptimized: true },
  // The build checks what it ships; tests, benches and the loopback cloud are checked by `npm run types`.
  typescript: { tsconfigPath: "tsconfig.build.json" },
  // Browsers ask for it before they know better; without this it would be taken for the name of a workspace.
  rewrites: async () => [
    { source: "/favicon.ico", destination: "/icon.svg" },
    // Other files that browsers and crawlers ask for by themselves: no session is looked for with them, so no page of a workspace may take them.
    {
      source: "/:file([^/]+\\.(?:ico|png|svg|webp|css|js|map|txt|webmanifest|woff2))",
      destination: "/no-such-file/:file",
    },
  ],
  headers: async () => [
    { source: "/(.*)", headers: SECURITY_HEADERS },
    { source: "/((?!api/hooks/).*)", headers: OWN_CONTENT },
  ],
  ...(process.env.CAIRN_BUILD_ONCE === "1" && BUILD_ONCE),
  ...(process.env.CAIRN_QUICK_BUILD === "1" && QUICK_BUILD),
};

/** Changes the build for the reports of errors; what it sets also holds for a process that sends them. */
async function addSentry() {
  const { withSentryConfig } = await import("@sentry/nextjs/config");
  return withSentryConfig(config, {
    silent: true,
    telemetry: false,
    org: process.env.SENTRY_ORG,
    project: process.env.SENTRY_PROJECT,
    authToken: process.env.SENTRY_AUTH_TOKEN,
    // As the processes say it themselves: an error finds the source maps of its own deployment.
    release: { name: process.env.VERCEL_GIT_COMMIT_SHA },
    sourcemaps: { disable: !process.env.SENTRY_AUTH_TOKEN },
  });
}

/** A server that is built and reports to nobody starts without Sentry's packages, which take it 0.4 s of CPU. */
export default function chooseConfig(phase) {
  return phase === PHASE_PRODUCTION_SERVER && !process.env.SENTRY_DSN ? config : addSentry();
}
