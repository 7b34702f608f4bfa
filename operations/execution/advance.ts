import { isEnded } from "#/agents/vocabulary/run.ts";
import "server-only";
import { compileIngest } from "#/agents/langgraph/compile/ingest.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { IngestPorts } from "#/agents/knowledge/knowledge-ports.ts";
import { advanceRun, type Answer, type Runner } from "#/agents/runner/advance.ts";
import type { Program } from "#/agents/runner/invocation.ts";
import { batchedLiveOutput } from "#/agents/runner/live.ts";
import type { Delivery, HeldRun, Observer, RunRef } from "#/agents/runner/runner-ports.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { endRemoteTasks } from "#/operations/mcp-servers/end-tasks.ts";
import { makeStepPorts } from "#/operations/execution/ports.ts";
import { tellSoon, whenTold } from "#/operations/notifications/tell.ts";
import { wake } from "#/operations/execution/wake.ts";
import { database } from "#/db/client.ts";
import { runStore } from "#/db/engine.ts";
import { passageStore } from "#/db/passages.ts";
import { liveOutput } from "#/lib/cloud/live-output.ts";
import { embedTexts } from "#/lib/cloud/models.ts";
import { forgetPassages, storePassages } from "#/lib/cloud/vectors.ts";
import { env } from "#/lib/env.ts";
import { keepAlive } from "#/lib/observe/keep-alive.ts";
import { log } from "#/lib/observe/log.ts";
import { metrics } from "#/lib/observe/metrics.ts";
import * as v from "valibot";

let runner: Runner | undefined;

/** One delivery of a wake-up: works on the run as long as the budget lasts. @throws for infrastructure errors only */
export async function advance(ref: RunRef, delivery: Delivery): Promise<Answer> {
  runner ??= openRunner();
  try {
    const answer = await advanceRun(runner, ref, delivery);
    await whenTold();
    return answer;
  } finally {
    if (env().otlp) keepAlive(traces().then(({ flushTraces }) => flushTraces()));
  }
}

/** Loaded where a collector is configured: no cold start pays for what it does not use. */
const traces = () => import("#/operations/execution/traces.ts");

/** Wires the step function to the database and the clouds of this environment. */
export function openRunner(): Runner {
  const { step } = env();
  return {
    store: runStore(database()),
    wake,
    live: batchedLiveOutput(
      (write, chunks) => liveOutput().append(write, chunks),
      (error) => log.debug({ err: error }, "Live output was dropped."),
    ),
    observe,
    endRemoteTasks: (workspaceId) => endRemoteTasks(database(), workspaceId),
    makePorts: ({ workspaceId }) => makeStepPorts(database().tenant({ workspaceId })),
    now: Date.now,
    loadProgram,
    budget: { budgetMs: step.budgetMs, limit: step.limit },
    leaseMs: step.leaseMs,
  };
}

const observe: Observer = {
  superstepCommitted: (ref, change, held) => {
    const { workspaceId, runId } = ref;
    const { settlement, logs } = change;
    const { otlp } = env();
    if (otlp) void traces().then(({ traceCommit }) => traceCommit(otlp, { ref, change, held }));
    log.info(
      { workspaceId, runId, status: settlement.status, steps: logs.map((entry) => entry.step) },
      "superstep committed",
    );
    for (const entry of logs) metrics().observeStep(entry);
    if (isEnded(settlement.status))
      metrics().observeRunEnd(settlement.status, (Date.now() - held.createdAt) / 1_000);
    if (settlement.waits.some(({ approval }) => approval !== undefined)) tellSoon(workspaceId);
  },
  stepFailed: ({ workspaceId, runId }, error, step) => {
    log.error({ workspaceId, runId, step, err: error }, "step failed");
  },
};

/** Programs by version and part: a version never changes, and reading it anew costs more than running a small step. */
const programs = new Map<string, Program>();
const KEPT_PROGRAMS = 500;

function loadProgram(ref: RunRef, held: HeldRun): Program {
  if (held.agentType === "ingest") return ingestProgram(ref, String(held.input["documentId"]));
  const fragment = held.part?.fragment;
  const key = `${held.versionId} ${fragment ?? ""}`;
  const known = programs.get(key);
  if (known) return known;
  const definition = v.safeParse(Definition, held.definition);
  if (!definition.success)
    throw new Error(
      `This version of the workflow cannot be read any more: ${definition.issues[0].message}. Publish it anew.`,
    );
  const program = definitionProgram(definition.output, fragment);
  if (programs.size >= KEPT_PROGRAMS) programs.clear();
  programs.set(key, program);
  return program;
}

function ingestProgram({ workspaceId }: RunRef, documentId: string): Program {
  const ports: IngestPorts = {
    ...passageStore(database().tenant({ workspaceId })),
    embed: embedTexts,
    storeVectors: (vectors) => storePassages(workspaceId, vectors),
    forgetVectors: (ids) => forgetPassages(workspaceId, ids),
  };
  return {
    graph: compileIngest(ports, documentId),
    initialState: {},
    resolveOutput: (state) => state,
    limits: undefined,
  };
}
