import { captureConsoleIntegration, init } from "@sentry/nextjs";
import { scrubEvent } from "#/lib/observe/secrets.ts";

/** Where errors of the browser go, and of which deployment they are. */
export interface ErrorReporting {
  readonly dsn: string;
  readonly release?: string | undefined;
}

/** Starts to send errors of this page: those that nobody caught, and those that React has caught and written to the console. */
export function reportBrowserErrors({ dsn, release }: ErrorReporting): void {
  init({
    dsn,
    ...(release !== undefined && { release }),
    integrations: [captureConsoleIntegration({ levels: ["error"] })],
    // A line of the console without an error is nobody's failure.
    beforeSend: (event) => (event.exception === undefined ? null : scrubEvent(event)),
  });
}
