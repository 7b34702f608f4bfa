import { database } from "#/db/client.ts";
import { readGauges } from "#/db/gauges.ts";
import { metrics as counters } from "#/lib/observe/metrics.ts";
import { log } from "#/lib/observe/log.ts";
import { seriesName } from "#/lib/observe/prometheus.ts";

type Series = Readonly<Record<string, number>>;

/** Reads the metrics of the whole deployment: gauges of the database and counters of KV, by the names of their series. A store that is away is left out. */
export async function metrics(): Promise<Series> {
  const [gauges, counted] = await Promise.all([
    orNone("database", gaugeSeries()),
    orNone("kv", counters().read()),
  ]);
  return { ...gauges, ...counted };
}

async function gaugeSeries(): Promise<Series> {
  const gauges = await readGauges(database().system);
  const none = { queued: 0, running: 0, retrying: 0, waiting: 0 };
  const runs = Object.entries({ ...none, ...gauges.unfinishedRuns }).map(([status, count]) => [
    seriesName("cairn_runs", { status }),
    count,
  ]);
  return {
    ...Object.fromEntries(runs),
    [seriesName("cairn_owed_wakeups")]: gauges.owedWakeUps,
    [seriesName("cairn_queue_lag_seconds")]: gauges.queueLagSeconds,
    [seriesName("cairn_database_bytes")]: gauges.databaseBytes,
    [seriesName("cairn_database_connections")]: gauges.connections,
    [seriesName("cairn_database_connections_max")]: gauges.mostConnections,
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
