import { connection } from "next/server";
import { ERROR_REPORTING } from "#/app/_ui/start-error-reporting.ts";
import { env } from "#/lib/env.ts";

/** Tells the browser where its errors and traces go, if they go anywhere. What sends them is loaded after the page. */
export async function ErrorReporting() {
  // Before the environment is read: a build has none.
  await connection();
  const { sentryDsn, sentryTraces, sentryProfiles, release } = env();
  if (sentryDsn === undefined) return null;
  const content = JSON.stringify({
    dsn: sentryDsn,
    release,
    traces: sentryTraces,
    profiles: sentryProfiles,
  });
  return <meta name={ERROR_REPORTING} content={content} />;
}
