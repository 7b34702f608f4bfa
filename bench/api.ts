import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { type Answer, type Caller, openCaller } from "#/bench/caller.ts";
import { quantile, timeAll } from "#/bench/percentiles.ts";
import { PROCESS_NAMES, readProductTime } from "#/bench/product-processes.ts";
import { keepReport } from "#/bench/report-file.ts";
import type { Product } from "#/tests/support/product.ts";

const CALLERS = [1, 10, 50];
const READS = { 1: 300, 10: 1_000, 50: 1_500 } as Readonly<Record<number, number>>;
const STARTS = { 1: 100, 10: 200, 50: 300 } as Readonly<Record<number, number>>;
/** Node compiles what runs often; before that a request costs several times as much. */
const WARM_UP = 1_000;

/** One step that does nothing: what is measured is the start, though the runs execute meanwhile. */
const ONE_STEP = {
  format: "cairn/v1",
  name: "Bench",
  kind: "graph",
  steps: { only: { type: "set", values: { done: true } } },
  edges: [
    { from: "start", to: "only" },
    { from: "only", to: "end" },
  ],
};

type Served = Pick<Product, "pid" | "url" | "apiKey">;

interface Series {
  readonly what: string;
  readonly counts: Readonly<Record<number, number>>;
  readonly call: () => Promise<Answer>;
}

/** Latency, throughput and processor time of the API, by callers and by process. */
export async function measureApi(
  product: Served,
  report: { readonly name: string; readonly write: boolean },
): Promise<void> {
  const caller = openCaller(product.url, product.apiKey);
  const all = await measureSeries(caller);
  for (const series of all.slice(0, -1)) {
    await bucketHolds(series, WARM_UP);
    await timeAll(WARM_UP, 10, async () => succeeded(await series.call()));
  }
  const rows = [];
  for (const series of all)
    for (const callers of CALLERS) rows.push(await measure(product, { series, callers }));
  caller.close();
  keepReport({ ...report, text: writeReport(rows) });
}

async function measureSeries({ call }: Caller): Promise<readonly Series[]> {
  const workflow = idIn(
    await call("/api/v1/workflows", { name: `Bench ${Date.now()}`, definition: ONE_STEP }),
  );
  succeeded(await call(`/api/v1/workflows/${workflow}/versions`, {}));
  const start = () => call(`/api/v1/workflows/${workflow}/runs`, { input: {} });
  const run = idIn(await start());
  for (let count = 0; count < 30; count += 1) succeeded(await start());
  return [
    { what: "list 25 runs", counts: READS, call: () => call("/api/v1/runs?limit=25") },
    { what: "get a run", counts: READS, call: () => call(`/api/v1/runs/${run}`) },
    { what: "list workflows", counts: READS, call: () => call("/api/v1/workflows") },
    { what: "start a run", counts: STARTS, call: start },
  ];
}

async function measure(
  product: Served,
  { series, callers }: { readonly series: Series; readonly callers: number },
): Promise<readonly string[]> {
  const count = series.counts[callers] ?? 0;
  await bucketHolds(series, count);
  const before = readProductTime(product.pid);
  const ours = process.cpuUsage();
  const from = performance.now();
  const samples = await timeAll(count, callers, async () => succeeded(await series.call()));
  const wallMs = performance.now() - from;
  const { user, system } = process.cpuUsage(ours);
  const after = readProductTime(product.pid);
  const spent = PROCESS_NAMES.map((name) => (after.byName[name] ?? 0) - (before.byName[name] ?? 0));
  const sum = spent.reduce((a, b) => a + b, 0);
  const strangers = Math.max(0, after.ofMachine - before.ofMachine - sum - (user + system) / 1_000) / wallMs;
  const perRequest = [...spent, sum].map((ms) => (ms / count).toFixed(2));
  return [
    series.what,
    String(callers),
    ((count / wallMs) * 1_000).toFixed(0),
    quantile(samples, 0.5).toFixed(1),
    quantile(samples, 0.95).toFixed(1),
    ...perRequest,
    strangers.toFixed(2),
  ];
}

/** Waits until the workspace may send so many requests: a refused one is not measured. */
async function bucketHolds({ call }: Series, count: number): Promise<void> {
  for (;;) {
    const { headers } = await call();
    const left = Number(/r=(\d+)/.exec(String(headers["ratelimit"]))?.[1]);
    if (left > count) return;
    await sleep(500);
  }
}

function succeeded({ status, body }: Answer): void {
  if (status >= 300) throw new Error(`The API answers ${status}: ${body}`);
}

function idIn(answer: Answer): string {
  succeeded(answer);
  return v.parse(v.object({ id: v.string() }), JSON.parse(answer.body)).id;
}

function writeReport(rows: readonly (readonly string[])[]): string {
  const head = [
    "what",
    "callers",
    "requests/s",
    "p50 ms",
    "p95 ms",
    ...PROCESS_NAMES.map((name) => `CPU ms ${name}`),
    "CPU ms in all",
    "others' CPU",
  ];
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const machine = `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}`;
  return `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC. ${machine}.\n\n${table}`;
}
