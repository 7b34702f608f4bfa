import { connection } from "next/server";
import { ERROR_REPORTING } from "#/app/_ui/start-error-reporting.ts";
import { env } from "#/lib/env.ts";

/** Tells the browser where its errors go, if they go anywhere. What sends them is loaded after the page. */
export async function ErrorReporting() {
  // Before the environment is read: a build has none.
  await connection();
  const { sentryDsn, release } = env();
  if (sentryDsn === undefined) return null;
  return <meta name={ERROR_REPORTING} content={JSON.stringify({ dsn: sentryDsn, release })} />;
}
