import "server-only";
import type { HeldRun, RunRef, SuperstepChange } from "#/agents/runner/runner-ports.ts";
import { database } from "#/db/client.ts";
import { findTopRun } from "#/db/families.ts";
import type { Environment } from "#/lib/env.ts";
import { Memory } from "#/lib/memory.ts";
import { log } from "#/lib/observe/log.ts";
import { createSpanExporter, type SpanExporter } from "#/lib/observe/otlp.ts";
import { makeRunSpans } from "#/operations/execution/run-spans.ts";

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

async function both(before: Promise<void>, now: Promise<void>): Promise<void> {
  await Promise.all([before, now]);
}

async function tell(spans: SpanExporter, { ref, change, held }: Told, now: number): Promise<void> {
  try {
    spans.add(makeRunSpans({ ref, topRunId: await readTop(ref, held), run: held, change, now }));
  } catch (error) {
    log.debug({ ...ref, err: error }, "Spans of a run could not be made.");
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
