import { NO_DOCUMENTS } from "#/tests/support/no-documents.ts";
import { NO_TOOL_CHANGES } from "#/tests/support/no-tool-changes.ts";
import { NO_MEMORY } from "#/tests/support/no-memory.ts";
import { NO_STORE } from "#/tests/support/no-store.ts";
import { randomUUID } from "node:crypto";
import { builtInTools } from "#/agents/tools/builtin/source.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Settlement } from "#/agents/engine/settle.ts";
import { advanceRun, type Runner } from "#/agents/runner/advance.ts";
import type { HeldRun, LogEntry, RunStore } from "#/agents/runner/runner-ports.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { scriptedModel } from "#/tests/support/engine.ts";

/** What an invocation made of a run that nobody had before. */
export interface MemoryRun {
  readonly settlement: Settlement | undefined;
  readonly state: Readonly<Record<string, unknown>>;
  readonly logs: readonly LogEntry[];
}

/** Runs a definition in one invocation and without a database, until it ends, waits or has to be tried again later. */
export async function runInMemory(
  definition: Definition,
  input: Readonly<Record<string, unknown>>,
): Promise<MemoryRun> {
  const logs: LogEntry[] = [];
  let settlement: Settlement | undefined;
  let state: MemoryRun["state"] = {};
  const store: RunStore = {
    claim: async () => ({ claimed: true, crashes: 0, ...heldRun(definition, input) }),
    commit: async (_ref, _epoch, change) => {
      logs.push(...change.logs);
      settlement = change.settlement;
      state = change.state ?? state;
      const released = change.settlement.keepLease
        ? {}
        : { released: { wakes: 1, dueInMs: null, others: [], priority: "normal" as const } };
      return { committed: true, status: change.settlement.status, logSeq: logs.length, ...released };
    },
    journal: async () => undefined,
    reusable: async () => undefined,
    bookCancelled: async () => undefined,
    deliverEvents: async () => [],
    beginSideEffect: async () => "go",
    settleSideEffect: async () => "settled",
    reserve: async () => undefined,
    raise: async () => undefined,
    takeModelTurn: async () => 0,
    look: async () => "held",
  };
  await advanceRun(
    runnerOn(store),
    { workspaceId: randomUUID(), runId: randomUUID() },
    { messageId: "1", retried: 0 },
  );
  return { settlement, state, logs };
}

function runnerOn(store: RunStore): Runner {
  const model = scriptedModel(() => "ok", { modelCalls: 0 });
  return {
    store,
    wake: async () => undefined,
    live: { show: () => undefined, flush: async () => undefined },
    endRemoteTasks: async () => undefined,
    observe: { superstepCommitted: () => undefined, stepFailed: () => undefined },
    makePorts: () => ({
      models: { language: () => model, nameOf: () => "scripted", priceOf: () => ({ input: 1, output: 2 }) },
      search: async () => [],
      documents: NO_DOCUMENTS,
      tools: builtInTools,
      toolChanges: NO_TOOL_CHANGES,
      fetch: () => Promise.reject(new Error("there is no network here")),
      workflow: async () => undefined,
      secrets: async () => [],
      connection: async () => undefined,
      store: NO_STORE,
      memory: NO_MEMORY,
      limitCalls: async () => ({ allowed: true, retryAfterS: 0 }),
      newId: randomUUID,
      now: Date.now,
      random: () => 0,
    }),
    now: Date.now,
    loadProgram: (_ref, held) => definitionProgram(held.definition as Definition, undefined),
    budget: { budgetMs: 60_000, limit: 10_000 },
    leaseMs: 60_000,
  };
}

const heldRun = (definition: Definition, input: HeldRun["input"]): HeldRun => ({
  epoch: 1,
  agentType: definition.kind,
  versionId: null,
  definition,
  step: 0,
  attempt: 0,
  input,
  trigger: { kind: "manual" },
  workflowId: null,
  version: 1,
  createdAt: 0,
  checkpoint: undefined,
  damage: undefined,
  journal: {},
  answers: {},
  childWaits: 0,
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  limits: {},
  depth: 0,
  parentId: null,
  forkedFrom: null,
  timeLeftMs: null,
  raised: null,
  hasMonthlyLimits: false,
  part: undefined,
});
