import { browserProfilingIntegration, captureConsoleIntegration, init } from "@sentry/nextjs";
import { scrubEvent, scrubSpan } from "#/lib/observe/secrets.ts";

/** Where errors of the browser go, and of which deployment they are. */
export interface ErrorReporting {
  readonly dsn: string;
  readonly release?: string | undefined;
  /** The share of page loads that a trace is sent of, from 0 to 1. */
  readonly traces: number;
  /** The share of page loads that a profile is sent of, where a trace is. The page needs `Document-Policy: js-profiling`. */
  readonly profiles: number;
}

/** Starts to send traces of this page and its errors: those that nobody caught, and those that React has caught and written to the console. */
export function reportBrowserErrors({ dsn, release, traces, profiles }: ErrorReporting): void {
  const client = init({
    dsn,
    ...(release !== undefined && { release }),
    tracesSampleRate: traces,
    beforeSendSpan: scrubSpan,
    integrations: [
      captureConsoleIntegration({ levels: ["error"] }),
      ...(profiles > 0 ? [browserProfilingIntegration()] : []),
    ],
    profileSessionSampleRate: profiles,
    profileLifecycle: "trace",
    // A line of the console without an error is nobody's failure.
    beforeSend: (event) => (event.exception === undefined ? null : scrubEvent(event)),
  });
  client?.on("beforeEnvelope", ([, items]) => {
    // What runs in the page itself stands under the page's own address, which may let in whoever has it.
    for (const [{ type }, content] of items)
      if (type === "profile_chunk" && typeof content === "object") Object.assign(content, scrubSpan(content));
  });
}
