import { env } from "#/lib/env.ts";
import { log } from "#/lib/observe/log.ts";

/** Logs an error that nobody expected and sends it to error reporting where SENTRY_DSN is set. Never throws. */
export async function reportError(
  error: unknown,
  detail: Readonly<Record<string, unknown>>,
  message: string,
): Promise<void> {
  log.error({ ...detail, err: error }, message);
  if (env().sentryDsn === undefined) return;
  try {
    // Loaded only when it is configured: it costs 0.3 s and 30 MB of cold start.
    const { captureException } = await import("@sentry/nextjs");
    captureException(error, { extra: { ...detail } });
  } catch (cause) {
    log.warn({ err: cause }, "The error could not be reported.");
  }
}
