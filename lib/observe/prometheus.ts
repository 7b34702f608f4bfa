export type Labels = Readonly<Record<string, string>>;

/** Seconds. From a set step in memory to an agent that thinks for minutes. */
const STEP_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
/** Of what should take milliseconds. */
const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Of what may wait for people: up to a week. */
const RUN_SECONDS = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 604_800];
const SHARES = [0.25, 0.5, 0.75, 0.9, 1];

/** Every metric: what it means, as the scraper shows it. docs/grafana shows all of them. */
export const FAMILIES = {
  cairn_runs: { type: "gauge", help: "Runs that have not ended, by status." },
  cairn_runs_ended_total: { type: "counter", help: "Runs that have ended, by status." },
  cairn_run_duration_seconds: {
    type: "histogram",
    help: "From the making of a run to its end, waiting included.",
    buckets: RUN_SECONDS,
  },
  cairn_owed_wakeups: { type: "gauge", help: "Runs that are due and that nobody works on." },
  cairn_queue_lag_seconds: { type: "gauge", help: "For how long the oldest owed run has been due." },
  cairn_tick_timestamp_seconds: {
    type: "gauge",
    help: "When the last tick was done, in seconds since 1970.",
    marked: true,
  },
  cairn_steps_total: { type: "counter", help: "Finished tasks of steps, by kind and status." },
  cairn_step_duration_seconds: {
    type: "histogram",
    help: "How long tasks of steps took, by kind; kind model: agents and prompts.",
    buckets: STEP_SECONDS,
  },
  cairn_model_tokens_total: { type: "counter", help: "Tokens of model calls." },
  cairn_model_cost_usd_total: { type: "counter", help: "Cost of model calls in US dollars." },
  cairn_api_requests_total: { type: "counter", help: "Requests to the API, by method and class of status." },
  cairn_api_duration_seconds: {
    type: "histogram",
    help: "How long the API took to answer, by method. Streams, and requests that ask to wait for a run, are not in it.",
    buckets: CALL_SECONDS,
  },
  cairn_query_duration_seconds: {
    type: "histogram",
    help: "How long the database took to answer one round trip, the wait for a connection included.",
    buckets: CALL_SECONDS,
  },
  cairn_pool_use_ratio: {
    type: "histogram",
    help: "The share of a process's connections that were in use whenever one was taken.",
    buckets: SHARES,
  },
  cairn_pool_waits_total: {
    type: "counter",
    help: "Times that others still waited for a connection when one was taken.",
  },
  cairn_reads_total: {
    type: "counter",
    help: "Lists, statistics and searches that a read replica could answer, by who did, and why.",
  },
  cairn_cache_reads_total: {
    type: "counter",
    help: "What is read often and changes rarely, by who had it: the process, KV, or only the database.",
  },
  cairn_database_connections: { type: "gauge", help: "Connections that the database has." },
  cairn_database_connections_max: { type: "gauge", help: "Connections that the database takes at most." },
  cairn_database_bytes: { type: "gauge", help: "Size of the database with its indexes." },
  cairn_vector_search_duration_seconds: {
    type: "histogram",
    help: "How long Pinecone took to find passages, repetitions included.",
    buckets: CALL_SECONDS,
  },
} as const satisfies Readonly<Record<string, Metric>>;

interface Metric {
  readonly type: "gauge" | "counter" | "histogram";
  readonly help: string;
  readonly buckets?: readonly number[];
  /** Set by whoever knows it last; the others are read when somebody scrapes. */
  readonly marked?: true;
}

type Family = keyof typeof FAMILIES;
type FamilyLike<Shape> = { [F in Family]: (typeof FAMILIES)[F] extends Shape ? F : never }[Family];
export type CounterName = FamilyLike<{ readonly type: "counter" }>;
export type HistogramName = FamilyLike<{ readonly type: "histogram" }>;
export type MarkName = FamilyLike<{ readonly marked: true }>;
type SeriesOf<F extends Family> = F extends HistogramName ? `${F}_${"bucket" | "sum" | "count"}` : F;

/** The upper limits of a histogram's buckets. What is above all of them is in one more. */
export const bucketsOf = (histogram: HistogramName): readonly number[] => FAMILIES[histogram].buckets;

/** The name of one series as Prometheus writes it: its metric and its labels. */
export function seriesName(metric: { [F in Family]: SeriesOf<F> }[Family], labels: Labels = {}): string {
  const text = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return text.length > 0 ? `${metric}{${text.join(",")}}` : metric;
}

const BUCKET = /^(\w+)_bucket\{(.*?),?le="[^"]+"\}$/;

/** As Prometheus wants histograms: a bucket counts what is in all smaller ones too, and the largest is the count. */
export function completeHistograms(
  series: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const complete = { ...series };
  const known = Object.keys(series).flatMap((name) => {
    const [, histogram = "", labels = ""] = BUCKET.exec(name) ?? [];
    return isHistogram(histogram) ? [[histogram, labels] as const] : [];
  });
  for (const [histogram, labels] of new Map(known.map((one) => [one.join(" "), one])).values()) {
    const braced = labels === "" ? "" : `{${labels}}`;
    let count = 0;
    complete[`${histogram}_sum${braced}`] ??= 0;
    for (const limit of [...bucketsOf(histogram), "+Inf"]) {
      const bucket = `${histogram}_bucket{${labels === "" ? "" : `${labels},`}le="${limit}"}`;
      count += series[bucket] ?? 0;
      complete[bucket] = count;
    }
    complete[`${histogram}_count${braced}`] = count;
  }
  return complete;
}

const isHistogram = (name: string): name is HistogramName =>
  Object.entries(FAMILIES).some(([family, { type }]) => family === name && type === "histogram");

/** Prometheus text format 0.0.4 of series by name. Series of no known metric are left out. */
export function toPrometheus(series: Readonly<Record<string, number>>): string {
  const entries = Object.entries(series);
  const blocks = Object.entries(FAMILIES).map(([family, { type, help }]) => {
    const own = entries.filter(([name]) => findFamily(name) === family).toSorted(([a], [b]) => inOrder(a, b));
    return [
      `# HELP ${family} ${help}`,
      `# TYPE ${family} ${type}`,
      ...own.map(([name, value]) => `${name} ${value}`),
    ].join("\n");
  });
  return `${blocks.join("\n")}\n`;
}

function findFamily(series: string): string {
  const metric = series.split("{", 1)[0] ?? series;
  return metric in FAMILIES ? metric : metric.replace(/_(bucket|sum|count)$/, "");
}

/** By name, and buckets of a histogram from small to large. */
function inOrder(a: string, b: string): number {
  const [textA, textB] = [withoutLimit(a), withoutLimit(b)];
  return textA === textB ? readLimit(a) - readLimit(b) : textA.localeCompare(textB);
}

const LIMIT = /,?le="([^"]+)"/;
const withoutLimit = (series: string) => series.replace(LIMIT, "");

function readLimit(series: string): number {
  const limit = LIMIT.exec(series)?.[1];
  return limit === "+Inf" ? Infinity : Number(limit ?? 0);
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
