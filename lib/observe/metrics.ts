import type { VercelKV } from "@vercel/kv";
import { kv } from "#/lib/cloud/kv.ts";
import { log } from "#/lib/observe/log.ts";
import {
  bucketsOf,
  completeHistograms,
  type CounterName,
  type HistogramName,
  type Labels,
  type MarkName,
  seriesName,
} from "#/lib/observe/prometheus.ts";

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
  /** A run has reached a final status, so many seconds after it was made. */
  readonly observeRunEnd: (status: string, seconds: number) => void;
  readonly observe: (histogram: HistogramName, value: number, labels?: Labels) => void;
  /** Something that is kept was asked for. */
  readonly observeCacheRead: (kept: string, from: CacheAnswer) => void;
  readonly count: (counter: CounterName, labels?: Labels, amount?: number) => void;
  /** The value is what it is from now on, whoever set it before. */
  readonly mark: (gauge: MarkName, value: number) => void;
  /** Resolves when what was observed has been handed on, or lost. */
  readonly flush: () => Promise<void>;
  /** Every series with its total. @throws when the store is away */
  readonly read: () => Promise<Readonly<Record<string, number>>>;
}

/** Version 2: each step counts in one bucket, not in all that are large enough for it. */
const HASH = "metrics:v2";
const BATCH_MS = 2_000;

/** Adds to fields of a hash, and sets others: one command for a whole batch, for a command costs money. ARGV: the number of sums, then fields and values. */
const ADD = `
for i = 2, #ARGV, 2 do
  redis.call((i - 2) / 2 < tonumber(ARGV[1]) and 'HINCRBYFLOAT' or 'HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end`;

interface Batch {
  readonly sums: Map<string, number>;
  readonly marks: Map<string, number>;
}

const emptyBatch = (): Batch => ({ sums: new Map(), marks: new Map() });

/** Counts in memory for a moment and adds to one hash of the store, whose fields are the names of the series. */
function createMetrics(openStore: () => VercelKV): Metrics {
  let pending = emptyBatch();
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();

  const later = () => {
    timer ??= setTimeout(() => void flush(), BATCH_MS).unref();
  };
  const add = (series: string, amount: number) => {
    if (amount === 0) return;
    pending.sums.set(series, (pending.sums.get(series) ?? 0) + amount);
    later();
  };
  const observe: Metrics["observe"] = (histogram, value, labels = {}) => {
    const limit = bucketsOf(histogram).find((bucket) => value <= bucket);
    add(seriesName(`${histogram}_bucket`, { ...labels, le: String(limit ?? "+Inf") }), 1);
    add(seriesName(`${histogram}_sum`, labels), value);
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const batch = pending;
    pending = emptyBatch();
    if (batch.sums.size + batch.marks.size > 0) sending = sending.then(() => addAll(openStore(), batch));
    return sending;
  };
  const count: Metrics["count"] = (counter, labels, amount = 1) => add(seriesName(counter, labels), amount);
  return {
    observe,
    count,
    mark: (gauge, value) => {
      pending.marks.set(seriesName(gauge), value);
      later();
    },
    observeStep: ({ kind, status, durationMs, ...use }) => {
      count("cairn_steps_total", { kind, status });
      observe("cairn_step_duration_seconds", durationMs / 1_000, { kind });
      for (const [counter, labels, amount] of countsOfModel(use)) count(counter, labels, amount);
    },
    observeRunEnd: (status, seconds) => {
      count("cairn_runs_ended_total", { status });
      observe("cairn_run_duration_seconds", seconds);
    },
    observeCacheRead: (kept, from) => count("cairn_cache_reads_total", { kept, from }),
    flush,
    read: async () => {
      const fields = (await openStore().hgetall<Record<string, number | string>>(HASH)) ?? {};
      return completeHistograms(
        Object.fromEntries(Object.entries(fields).map(([series, value]) => [series, Number(value)])),
      );
    },
  };
}

async function addAll(store: VercelKV, { sums, marks }: Batch): Promise<void> {
  try {
    await store.eval(ADD, [HASH], [sums.size, ...[...sums, ...marks].flat()]);
  } catch (error) {
    log.debug({ err: error }, "metrics were lost: the store is away");
  }
}

type ModelUse = Pick<ObservedStep, "model" | "inputTokens" | "outputTokens" | "costUsd">;

function countsOfModel({
  model,
  inputTokens = 0,
  outputTokens = 0,
  costUsd = 0,
}: ModelUse): readonly (readonly [CounterName, Labels, number])[] {
  if (model === undefined) return [];
  return [
    ["cairn_model_tokens_total", { model, direction: "input" }, inputTokens],
    ["cairn_model_tokens_total", { model, direction: "output" }, outputTokens],
    ["cairn_model_cost_usd_total", { model }, costUsd],
  ];
}

let opened: Metrics | undefined;

/** The metrics of this deployment. */
export function metrics(): Metrics {
  opened ??= createMetrics(kv);
  return opened;
}
