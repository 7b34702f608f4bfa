import type { VercelKV } from "@vercel/kv";
import { kv } from "#/lib/cloud/kv.ts";
import { log } from "#/lib/observe/log.ts";
import { seriesName } from "#/lib/observe/prometheus.ts";

/** One finished task of a step. */
interface ObservedStep {
  readonly kind: string;
  readonly status: string;
  readonly durationMs: number;
  readonly model?: string | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly costUsd?: number | undefined;
}

/** Who had what is read often: the process itself, KV, or only the database. */
export type CacheAnswer = "process" | "store" | "database";

/** Counters that all instances of this deployment add to. Nothing here ever throws or keeps a step waiting. */
export interface Metrics {
  readonly observeStep: (step: ObservedStep) => void;
  /** A run has reached a final status. */
  readonly observeRunEnd: (status: string) => void;
  /** A list, a statistic or a search was answered, by the read replica or, for a reason, by the primary. */
  readonly observeRead: (target: "replica" | "primary", reason: string) => void;
  /** Something that is kept was asked for. */
  readonly observeCacheRead: (kept: string, from: CacheAnswer) => void;
  /** Resolves when what was observed has been handed on, or lost. */
  readonly flush: () => Promise<void>;
  /** Every series with its total. @throws when the store is away */
  readonly read: () => Promise<Readonly<Record<string, number>>>;
}

/** Version 2: each step counts in one bucket, not in all that are large enough for it; a command costs money. */
const HASH = "metrics:v2";
const BATCH_MS = 2_000;
/** Seconds. From a set step in memory to an agent that thinks for minutes. */
const DURATION_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Counts in memory for a moment and adds to one hash of `store`, whose fields are the names of the series. */
function createMetrics(store: VercelKV): Metrics {
  let pending = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();

  const add = (series: string, amount: number) => {
    if (amount === 0) return;
    pending.set(series, (pending.get(series) ?? 0) + amount);
    timer ??= setTimeout(() => void flush(), BATCH_MS).unref();
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const batch = pending;
    pending = new Map();
    if (batch.size > 0) sending = sending.then(() => addAll(store, batch));
    return sending;
  };
  return {
    observeStep: (step) => {
      for (const [series, amount] of seriesOfStep(step)) add(series, amount);
    },
    observeRunEnd: (status) => add(seriesName("cairn_runs_ended_total", { status }), 1),
    observeRead: (target, reason) => add(seriesName("cairn_reads_total", { target, reason }), 1),
    observeCacheRead: (kept, from) => add(seriesName("cairn_cache_reads_total", { kept, from }), 1),
    flush,
    read: async () => {
      const fields = (await store.hgetall<Record<string, number | string>>(HASH)) ?? {};
      return withHistograms(
        Object.fromEntries(Object.entries(fields).map(([series, value]) => [series, Number(value)])),
      );
    },
  };
}

async function addAll(store: VercelKV, batch: ReadonlyMap<string, number>): Promise<void> {
  const pipeline = store.pipeline();
  for (const [series, amount] of batch) pipeline.hincrbyfloat(HASH, series, amount);
  try {
    await pipeline.exec();
  } catch (error) {
    log.debug({ err: error }, "metrics were lost: the store is away");
  }
}

function seriesOfStep({
  kind,
  status,
  durationMs,
  model,
  inputTokens = 0,
  outputTokens = 0,
  costUsd = 0,
}: ObservedStep): [string, number][] {
  const seconds = durationMs / 1_000;
  const limit = DURATION_BUCKETS.find((bucket) => seconds <= bucket);
  return [
    [seriesName("cairn_steps_total", { kind, status }), 1],
    [bucketName(kind, limit), 1],
    [seriesName("cairn_step_duration_seconds_sum", { kind }), seconds],
    ...(model === undefined ? [] : seriesOfModel(model, { inputTokens, outputTokens, costUsd })),
  ];
}

function seriesOfModel(
  model: string,
  usage: { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd: number },
): [string, number][] {
  return [
    [seriesName("cairn_model_tokens_total", { model, direction: "input" }), usage.inputTokens],
    [seriesName("cairn_model_tokens_total", { model, direction: "output" }), usage.outputTokens],
    [seriesName("cairn_model_cost_usd_total", { model }), usage.costUsd],
  ];
}

const bucketName = (kind: string, limit: number | undefined) =>
  seriesName("cairn_step_duration_seconds_bucket", { kind, le: String(limit ?? "+Inf") });

const KIND_OF_BUCKET = /^cairn_step_duration_seconds_bucket\{kind="(.*)",le=/;

/** As Prometheus wants histograms: a bucket counts what is in all smaller ones too, and the largest is the count. */
function withHistograms(series: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const complete = { ...series };
  const kinds = new Set(Object.keys(series).flatMap((name) => KIND_OF_BUCKET.exec(name)?.[1] ?? []));
  for (const kind of kinds) {
    let count = 0;
    complete[seriesName("cairn_step_duration_seconds_sum", { kind })] ??= 0;
    for (const limit of [...DURATION_BUCKETS, undefined]) {
      count += series[bucketName(kind, limit)] ?? 0;
      complete[bucketName(kind, limit)] = count;
    }
    complete[seriesName("cairn_step_duration_seconds_count", { kind })] = count;
  }
  return complete;
}

let opened: Metrics | undefined;

/** The metrics of this deployment. */
export function metrics(): Metrics {
  opened ??= createMetrics(kv());
  return opened;
}
