import "server-only";
import type { HeldRun, RunRef, SuperstepChange } from "#/agents/runner/runner-ports.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { database, type Tenant } from "#/db/client.ts";
import { readEndedWith } from "#/db/ended-runs.ts";
import { findTopRun } from "#/db/families.ts";
import type { Environment } from "#/lib/env.ts";
import { Memory } from "#/lib/memory.ts";
import { log } from "#/lib/observe/log.ts";
import { createSpanExporter, type SpanExporter } from "#/lib/observe/otlp.ts";
import { makeEndSpans, makeRunSpans } from "#/operations/execution/run-spans.ts";

let exporter: SpanExporter | undefined;
/** Commits whose spans are being made. */
let telling: Promise<void> = Promise.resolve();
const tops = new Memory<string>({ keptMs: 600_000, most: 1_000 });

interface Told {
  readonly ref: RunRef;
  readonly change: SuperstepChange;
  readonly held: HeldRun;
}

/** Tells the collector of OTEL_EXPORTER_OTLP_ENDPOINT what a commit has stored. Never throws, and nobody waits for it. */
export function traceCommit(otlp: NonNullable<Environment["otlp"]>, told: Told): void {
  exporter ??= createSpanExporter(otlp);
  telling = both(telling, tell(exporter, told, Date.now()));
}

/** The same of a run that nobody has at work, and that has ended: by a person, at its budget, or before it began. */
export function traceEnding(otlp: NonNullable<Environment["otlp"]>, tenant: Tenant, runId: string): void {
  exporter ??= createSpanExporter(otlp);
  telling = both(telling, tellEnding(exporter, tenant, runId));
}

async function both(before: Promise<void>, now: Promise<void>): Promise<void> {
  await Promise.all([before, now]);
}

async function tell(spans: SpanExporter, { ref, change, held }: Told, now: number): Promise<void> {
  try {
    const topRunId = await readTop(ref, held);
    spans.add(makeRunSpans({ ref, topRunId, run: held, change, now }));
    const { status } = change.settlement;
    if (isEnded(status)) await tellCancelled(spans, ref, { topRunId, status, parentId: held.parentId });
  } catch (error) {
    log.debug({ ...ref, err: error }, "Spans of a run could not be made.");
  }
}

interface Ending {
  readonly topRunId: string;
  readonly status: string;
  readonly parentId: string | null;
}

/** Of a run that ends, what it has started is cancelled, and where it fails its siblings may be. */
async function tellCancelled(
  spans: SpanExporter,
  { workspaceId, runId }: RunRef,
  { topRunId, status, parentId }: Ending,
): Promise<void> {
  const family = status === "succeeded" ? runId : (parentId ?? runId);
  const ended = await readEndedWith(database().tenant({ workspaceId }), runId, family);
  for (const run of ended) if (run.runId !== runId) spans.add(makeEndSpans({ workspaceId, topRunId, run }));
}

async function tellEnding(spans: SpanExporter, tenant: Tenant, runId: string): Promise<void> {
  const { workspaceId } = tenant;
  try {
    const ended = await readEndedWith(tenant, runId, runId);
    if (ended.length === 0) return;
    const topRunId = await findTopRun(tenant, runId);
    for (const run of ended) spans.add(makeEndSpans({ workspaceId, topRunId, run }));
  } catch (error) {
    log.debug({ workspaceId, runId, err: error }, "Spans of a run that has ended could not be made.");
  }
}

/** Resolves when what was told so far is with the collector, or could not be handed on for now. */
export async function flushTraces(): Promise<void> {
  await telling;
  await exporter?.flush();
}

async function readTop({ workspaceId, runId }: RunRef, { parentId }: HeldRun): Promise<string> {
  if (parentId === null) return runId;
  const top = tops.get(runId) ?? (await findTopRun(database().tenant({ workspaceId }), runId));
  tops.set(runId, top);
  return top;
}
