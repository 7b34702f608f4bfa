type Labels = Readonly<Record<string, string>>;

/** Every metric: what it means, as the scraper shows it. */
const FAMILIES = {
  cairn_runs: { type: "gauge", help: "Runs that have not ended, by status." },
  cairn_runs_ended_total: { type: "counter", help: "Runs that have ended, by status." },
  cairn_owed_wakeups: { type: "gauge", help: "Runs that are due and that nobody works on." },
  cairn_queue_lag_seconds: { type: "gauge", help: "For how long the oldest owed run has been due." },
  cairn_reads_total: {
    type: "counter",
    help: "Lists, statistics and searches that a read replica could answer, by who did, and why.",
  },
  cairn_cache_reads_total: {
    type: "counter",
    help: "What is read often and changes rarely, by who had it: the process, KV, or only the database.",
  },
  cairn_database_bytes: { type: "gauge", help: "Size of the database with its indexes." },
  cairn_steps_total: { type: "counter", help: "Finished tasks of steps, by kind and status." },
  cairn_step_duration_seconds: { type: "histogram", help: "How long tasks of steps took." },
  cairn_model_tokens_total: { type: "counter", help: "Tokens of model calls." },
  cairn_model_cost_usd_total: { type: "counter", help: "Cost of model calls in US dollars." },
} as const;

type Family = keyof typeof FAMILIES;
type SeriesOf<F extends Family> = (typeof FAMILIES)[F]["type"] extends "histogram"
  ? `${F}_${"bucket" | "sum" | "count"}`
  : F;

/** The name of one series as Prometheus writes it: its metric and its labels. */
export function seriesName(metric: { [F in Family]: SeriesOf<F> }[Family], labels: Labels = {}): string {
  const text = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return text.length > 0 ? `${metric}{${text.join(",")}}` : metric;
}

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
