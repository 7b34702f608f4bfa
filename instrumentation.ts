import type { Instrumentation } from "next";
import { env } from "#/lib/env.ts";
import { scrubEvent, scrubSpan } from "#/lib/observe/secrets.ts";

// Loaded only when it is configured: 0.3 s and 30 MB of cold start otherwise go to a reporter that reports nothing.
const sentry = () => import("@sentry/nextjs");

/** Opens the front door, where there is a server to stand before, and starts error reporting where SENTRY_DSN is set. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] === "nodejs") (await import("#/lib/http/front-door.ts")).openFrontDoor();
  const { sentryDsn, sentryTraces, sentryProfiles, release } = env();
  if (sentryDsn === undefined) return;
  const { init } = await sentry();
  const client = init({
    dsn: sentryDsn,
    tracesSampleRate: sentryTraces,
    beforeSend: scrubEvent,
    beforeSendSpan: scrubSpan,
    // Hosts that workflows call are not told of our traces.
    tracePropagationTargets: [],
    ...(release !== undefined && { release }),
  });
  if (process.env["NEXT_RUNTIME"] === "nodejs" && client && sentryProfiles > 0)
    (await import("#/lib/observe/profiles.ts")).sendProfiles(client, sentryProfiles);
}

export const onRequestError: Instrumentation.onRequestError = async (...request) => {
  if (env().sentryDsn === undefined) return;
  const { captureRequestError } = await sentry();
  captureRequestError(...request);
};
