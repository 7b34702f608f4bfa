import { isEnded } from "#/agents/vocabulary/run.ts";
import "server-only";
import { compileIngest } from "#/agents/langgraph/compile/ingest.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import { searchKnowledge } from "#/operations/search/passages.ts";
import type { IngestPorts } from "#/agents/knowledge/knowledge-ports.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { advanceRun, type Answer, type Runner } from "#/agents/runner/advance.ts";
import type { Program } from "#/agents/runner/invocation.ts";
import { batchedLiveOutput } from "#/agents/runner/live.ts";
import type { Delivery, HeldRun, Observer, RunRef } from "#/agents/runner/runner-ports.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { wake } from "#/operations/execution/wake.ts";
import { openConnection } from "#/operations/connections/open.ts";
import { secretsForUse } from "#/operations/secrets/seal.ts";
import { database } from "#/db/client.ts";
import { runStore } from "#/db/engine.ts";
import { runnableWorkflow } from "#/db/run-lifecycle.ts";
import { passageStore } from "#/db/passages.ts";
import { limitMinute } from "#/lib/cloud/limits.ts";
import { liveOutput } from "#/lib/cloud/live-output.ts";
import { findPrice } from "#/agents/definition/check/model-prices.ts";
import { toolsOf } from "#/operations/tools/source.ts";
import { embedTexts, languageModel } from "#/lib/cloud/models.ts";
import { forgetPassages, storePassages } from "#/lib/cloud/vectors.ts";
import { env } from "#/lib/env.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { newId } from "#/lib/id.ts";
import { log } from "#/lib/observe/log.ts";
import { metrics } from "#/lib/observe/metrics.ts";
import * as v from "valibot";

let runner: Runner | undefined;

/** One delivery of a wake-up: works on the run as long as the budget lasts. @throws for infrastructure errors only */
export function advance(ref: RunRef, delivery: Delivery): Promise<Answer> {
  runner ??= wire();
  return advanceRun(runner, ref, delivery);
}

function wire(): Runner {
  const { step } = env();
  return {
    store: runStore(database()),
    wake,
    live: batchedLiveOutput(
      (write, chunks) => liveOutput().append(write, chunks),
      (error) => log.debug({ err: error }, "Live output was dropped."),
    ),
    observe,
    makePorts,
    now: Date.now,
    loadProgram,
    budget: { budgetMs: step.budgetMs, limit: step.limit },
    leaseMs: step.leaseMs,
  };
}

function makePorts({ workspaceId }: RunRef): StepPorts {
  const tenant = database().tenant({ workspaceId });
  return {
    models: {
      language: languageModel,
      nameOf: (id) => id ?? env().llm.model,
      priceOf: (name) => findPrice(name, env().llm.prices),
    },
    search: (query, { topK = 5, filter }, signal) =>
      searchKnowledge({ workspaceId }, { query, topK, filter }, signal),
    tools: toolsOf(tenant),
    fetch: guardedFetch({ allowHosts: env().httpAllowHosts }),
    workflow: (idOrName, version) => runnableWorkflow(tenant, idOrName, version),
    secrets: (names) => secretsForUse(tenant, names),
    limitCalls: (name, perMinute) => limitMinute("tools", `${workspaceId} ${name}`, perMinute),
    connection: (name) => openConnection(tenant, name),
    newId,
    now: Date.now,
    random: Math.random,
  };
}

const observe: Observer = {
  superstepCommitted: ({ workspaceId, runId }, { settlement, logs }) => {
    log.info(
      { workspaceId, runId, status: settlement.status, steps: logs.map((entry) => entry.step) },
      "superstep committed",
    );
    for (const entry of logs) metrics().observeStep(entry);
    if (isEnded(settlement.status)) metrics().observeRunEnd(settlement.status);
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
