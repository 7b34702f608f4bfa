import type { MemoryVectors } from "#/agents/memory/memory-ports.ts";
import { memoryOn } from "#/tests/support/memory.ts";
import { NO_STORE } from "#/tests/support/no-store.ts";
import { randomUUID } from "node:crypto";
import { simulateReadableStream } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { builtInTools } from "#/agents/tools/builtin/source.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { advanceRun, type Answer, type Runner } from "#/agents/runner/advance.ts";
import type { Delivery, RunStore, WakeUp } from "#/agents/runner/runner-ports.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { type Database, openDatabase, type Tenant } from "#/db/client.ts";
import { runStore } from "#/db/engine.ts";
import { decide } from "#/db/decisions.ts";
import { sweepRuns } from "#/db/run-lifecycle.ts";
import { shownDocuments } from "#/db/shown-documents.ts";
import { runnableWorkflow } from "#/db/runnable-workflow.ts";
import { type DatabaseEngine, startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { toolChangesOf } from "#/operations/tools/tool-changes.ts";
import { storeRun } from "#/tests/support/publish.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";
import * as v from "valibot";

/** What the scripted model answers: text, or tool calls. Throwing is a failed call. */
export type ScriptedModel = (
  prompt: string,
  call: number,
  /** What the answer has to fit, where it has to. */
  schema?: unknown,
) => string | ScriptedCall | readonly ScriptedCall[] | Error;

interface ScriptedCall {
  readonly tool: string;
  readonly input: unknown;
  readonly id?: string;
}

export interface EngineOptions {
  readonly engine?: DatabaseEngine;
  /** Instead of a fresh one. The engine stops it when it closes. */
  readonly database?: TestDatabase;
  /** One that the database has, instead of a new one. */
  readonly workspaceId?: string;
  readonly poolSize?: number;
  readonly model?: ScriptedModel;
  readonly ports?: Partial<StepPorts>;
  /** The price of its model; without it, a dollar for a million tokens of input and two for output. */
  readonly priceOf?: StepPorts["models"]["priceOf"];
  /** The vectors of its memory; without it, in this process. */
  readonly vectors?: MemoryVectors;
  readonly endRemoteTasks?: Runner["endRemoteTasks"];
  readonly budgetMs?: number;
  readonly leaseMs?: number;
}

interface TestDecision {
  readonly action: string;
  readonly values?: unknown;
  readonly comment?: string;
  readonly by?: { readonly kind: "person"; readonly id: string };
  readonly approvalId?: unknown;
}

export interface TestEngine {
  readonly db: Database;
  readonly tenant: Tenant;
  readonly runner: Runner;
  readonly store: RunStore;
  /** Wake-ups that were sent and not yet delivered. */
  readonly queued: WakeUp[];
  readonly counts: {
    claims: number;
    commits: number;
    journals: number;
    reserves: number;
    modelCalls: number;
  };
  readonly start: (definition: unknown, input?: Record<string, unknown>) => Promise<string>;
  /** Starts a run and delivers wake-ups until none is left that is due now. */
  readonly begin: (definition: unknown, input?: Record<string, unknown>) => Promise<string>;
  readonly deliver: (runId: string, delivery?: Partial<Delivery>) => Promise<Answer>;
  /** Delivers wake-ups until none is left that is due now. */
  readonly settle: () => Promise<void>;
  readonly sweep: (graceMs?: number) => Promise<number>;
  readonly run: (runId: string) => Promise<Record<string, unknown>>;
  readonly rows: (table: string, runId: string) => Promise<readonly Record<string, unknown>[]>;
  readonly openApprovals: (runId: string) => Promise<readonly Record<string, unknown>[]>;
  /** Decides an approval of a run, its only open one unless it is named, and queues the wake-up. @returns whether one was owed */
  readonly decide: (runId: string, decision: TestDecision) => Promise<boolean>;
  readonly ownerUrl: string;
  /** A statement outside all rules. */
  readonly owner: (statement: string) => Promise<readonly Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
}

/** The engine on a real database, with a queue that the test delivers by hand and a model that the test scripts. */
export async function openEngine(options: EngineOptions = {}): Promise<TestEngine> {
  const database = options.database ?? (await startTestDatabase(options.engine));
  const db = openDatabase(database.runtimeUrl, options.poolSize ?? 6);
  const workspaceId = options.workspaceId ?? (await seedWorkspace(database.ownerUrl)).workspaceId;
  const tenant = db.tenant({ workspaceId });
  const counts = { claims: 0, commits: 0, journals: 0, reserves: 0, modelCalls: 0 };
  const queued: WakeUp[] = [];
  const store = counting(runStore(db), counts);
  const runner = makeRunner({ options, store, queued, counts, tenant });

  const deliver: TestEngine["deliver"] = (runId, delivery = {}) =>
    advanceRun(
      runner,
      { workspaceId, runId },
      { messageId: delivery.messageId ?? randomUUID(), retried: delivery.retried ?? 0 },
    );
  const select = async (sqlText: string, parameters: readonly unknown[]) => {
    const { Client } = await import("pg");
    const client = new Client({ connectionString: database.ownerUrl });
    await client.connect();
    try {
      return (await client.query(sqlText, [...parameters])).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };

  const rows: TestEngine["rows"] = (table, runId) =>
    select(
      `select * from ${table} where ${table === "agent_logs" ? "session_id" : table.startsWith("checkpoint") ? "thread_id" : "run_id"}::text = $1`,
      [runId],
    );
  const openApprovals = async (runId: string) =>
    (await rows("approvals", runId)).filter((row) => row["status"] === "open");
  const start: TestEngine["start"] = async (definition, input) => {
    const tools = await runner.makePorts({ workspaceId, runId: "" }).tools.names();
    const id = await storeRun(tenant, definition, { input, tools });
    queued.push({ workspaceId, runId: id, wakes: 1, priority: "normal" });
    return id;
  };
  const isDue = (wake: WakeUp) => !wake.delayMs;
  const settle = async () => {
    for (let next = queued.findIndex(isDue); next >= 0; next = queued.findIndex(isDue)) {
      const [wake] = queued.splice(next, 1);
      if (wake) await deliver(wake.runId);
    }
  };

  return {
    db,
    tenant,
    runner,
    store,
    queued,
    counts,
    deliver,
    start,
    begin: async (definition, input) => {
      const runId = await start(definition, input);
      await settle();
      return runId;
    },
    settle,
    sweep: async (graceMs = 0) => {
      const owed = await sweepRuns(db.system, graceMs, 500);
      queued.push(...owed);
      return owed.length;
    },
    run: async (runId) => (await select("select * from agent_sessions where id = $1", [runId]))[0] ?? {},
    rows,
    openApprovals,
    decide: async (runId, { approvalId, ...decision }) => {
      const owed = await decide(tenant, runId, {
        approvalId: String(approvalId ?? (await openApprovals(runId))[0]?.["id"]),
        by: { kind: "person", id: "ada" },
        ...decision,
      });
      if (owed) queued.push(...owed.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
      return owed !== undefined;
    },
    ownerUrl: database.ownerUrl,
    owner: (statement) => select(statement, []),
    close: async () => {
      await db.close();
      await database.stop();
    },
  };
}

function counting(store: RunStore, counts: TestEngine["counts"]): RunStore {
  return {
    claim: (...call) => ((counts.claims += 1), store.claim(...call)),
    commit: (...call) => ((counts.commits += 1), store.commit(...call)),
    journal: (...call) => ((counts.journals += 1), store.journal(...call)),
    bookCancelled: (...call) => store.bookCancelled(...call),
    deliverEvents: (...call) => store.deliverEvents(...call),
    look: (...call) => store.look(...call),
    reserve: (...call) => ((counts.reserves += 1), store.reserve(...call)),
    raise: (...call) => store.raise(...call),
    takeModelTurn: (...call) => store.takeModelTurn(...call),
    reusable: (...call) => store.reusable(...call),
    beginSideEffect: (...call) => store.beginSideEffect(...call),
    settleSideEffect: (...call) => store.settleSideEffect(...call),
  };
}

interface RunnerParts {
  readonly options: EngineOptions;
  readonly store: RunStore;
  readonly queued: WakeUp[];
  readonly counts: TestEngine["counts"];
  readonly tenant: Tenant;
}

function makeRunner({ options, store, queued, counts, tenant }: RunnerParts): Runner {
  const model = scriptedModel(options.model ?? (() => "ok"), counts);
  const ports: StepPorts = {
    models: {
      language: () => model,
      nameOf: () => "scripted",
      priceOf: options.priceOf ?? (() => ({ input: 1, output: 2 })),
    },
    search: async () => [],
    documents: shownDocuments(tenant),
    tools: builtInTools,
    fetch: async () => Promise.reject(new Error("no network in this test")),
    toolChanges: toolChangesOf(tenant),
    workflow: (idOrName, version) => runnableWorkflow(tenant, idOrName, version),
    secrets: async () => [],
    connection: async () => undefined,
    store: NO_STORE,
    memory: memoryOn(tenant, options.vectors),
    limitCalls: async () => ({ allowed: true, retryAfterS: 0 }),
    newId: randomUUID,
    now: Date.now,
    random: () => 0,
    ...options.ports,
  };
  return {
    store,
    wake: async (wakes) => void queued.push(...wakes),
    live: { show: () => undefined, flush: async () => undefined },
    endRemoteTasks: options.endRemoteTasks ?? (async () => undefined),
    observe: { superstepCommitted: () => undefined, stepFailed: () => undefined },
    makePorts: () => ports,
    now: Date.now,
    loadProgram: (_ref, held) => definitionProgram(v.parse(Definition, held.definition), held.part?.fragment),
    budget: { budgetMs: options.budgetMs ?? 20_000, limit: 25 },
    leaseMs: options.leaseMs ?? 60_000,
  };
}

export function scriptedModel(script: ScriptedModel, counts: { modelCalls: number }): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doStream: async ({ prompt, responseFormat }) => {
      counts.modelCalls += 1;
      const schema = responseFormat?.type === "json" ? responseFormat.schema : undefined;
      const answer = script(JSON.stringify(prompt), counts.modelCalls, schema);
      if (answer instanceof Error) throw answer;
      const usage = {
        inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 5, text: 5, reasoning: 0 },
      };
      const content =
        typeof answer === "string"
          ? [
              { type: "text-start", id: "1" },
              { type: "text-delta", id: "1", delta: answer },
              { type: "text-end", id: "1" },
            ]
          : [answer].flat().map(({ id, tool, input }: ScriptedCall, place) => ({
              type: "tool-call",
              toolCallId: id ?? `call_${counts.modelCalls}_${place}`,
              toolName: tool,
              input: JSON.stringify(input),
            }));
      const finishReason = { unified: typeof answer === "string" ? "stop" : "tool-calls", raw: undefined };
      return {
        stream: simulateReadableStream({
          chunks: [
            { type: "stream-start", warnings: [] },
            ...content,
            { type: "finish", usage, finishReason },
          ] as never[],
        }),
      };
    },
  });
}
