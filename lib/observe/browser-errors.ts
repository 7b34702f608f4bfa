import { captureConsoleIntegration, init } from "@sentry/nextjs";
import { scrubEvent, scrubSpan } from "#/lib/observe/secrets.ts";

/** Where errors of the browser go, and of which deployment they are. */
export interface ErrorReporting {
  readonly dsn: string;
  readonly release?: string | undefined;
  /** The share of page loads that a trace is sent of, from 0 to 1. */
  readonly traces: number;
}

/** Starts to send traces of this page and its errors: those that nobody caught, and those that React has caught and written to the console. */
export function reportBrowserErrors({ dsn, release, traces }: ErrorReporting): void {
  init({
    dsn,
    ...(release !== undefined && { release }),
    tracesSampleRate: traces,
    beforeSendSpan: scrubSpan,
    integrations: [captureConsoleIntegration({ levels: ["error"] })],
    // A line of the console without an error is nobody's failure.
    beforeSend: (event) => (event.exception === undefined ? null : scrubEvent(event)),
  });
}
