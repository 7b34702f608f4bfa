import { database } from "#/db/client.ts";
import { readGauges } from "#/db/gauges.ts";
import { env } from "#/lib/env.ts";
import { bearerIs } from "#/lib/http/bearer.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { problemResponse, refuse } from "#/lib/http/problem.ts";
import { metrics } from "#/lib/observe/metrics.ts";
import { log } from "#/lib/observe/log.ts";
import { seriesName, toPrometheus } from "#/lib/observe/prometheus.ts";

const NOT_THE_TOKEN = refuse("unauthenticated", "Send METRICS_TOKEN as “Authorization: Bearer …”.", {
  headers: { "WWW-Authenticate": 'Bearer realm="metrics"' },
});

type Series = Readonly<Record<string, number>>;

/** Metrics of the whole deployment, for a scraper that knows METRICS_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  if (!bearerIs(request, env().metricsToken)) return problemResponse(NOT_THE_TOKEN);
  const [gauges, counters] = await Promise.all([
    orNone("database", gaugeSeries()),
    orNone("kv", metrics().read()),
  ]);
  return new Response(toPrometheus({ ...gauges, ...counters }), {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
  });
}

async function gaugeSeries(): Promise<Series> {
  const { unfinishedRuns, owedWakeUps, queueLagSeconds, databaseBytes } = await readGauges(database().system);
  const none = { queued: 0, running: 0, retrying: 0, waiting: 0 };
  const runs = Object.entries({ ...none, ...unfinishedRuns }).map(([status, count]) => [
    seriesName("cairn_runs", { status }),
    count,
  ]);
  return {
    ...Object.fromEntries(runs),
    [seriesName("cairn_owed_wakeups")]: owedWakeUps,
    [seriesName("cairn_queue_lag_seconds")]: queueLagSeconds,
    [seriesName("cairn_database_bytes")]: databaseBytes,
  };
}

/** Half of the metrics is better than none when a store is away, and its absence shows in the scrape. */
async function orNone(store: string, series: Promise<Series>): Promise<Series> {
  try {
    return await series;
  } catch (error) {
    log.warn({ store, err: error }, "metrics of a store cannot be read");
    return {};
  }
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
