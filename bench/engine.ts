// What one superstep costs: runs of 10 steps that do nothing, looped in one invocation each, against LangGraph alone on the same graph.
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { Client } from "pg";
import { makeChain } from "#/bench/chain.ts";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { percentiles, report, timeAll } from "#/bench/percentiles.ts";
import { CheckpointBuffer } from "#/agents/langgraph/checkpoint/buffer.ts";
import type { GraphCall } from "#/agents/langgraph/compile/graph-call.ts";
import { compileGraph } from "#/agents/langgraph/compile/graph.ts";
import { STARTED } from "#/agents/steps/node.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { insertRun } from "#/db/run-lifecycle.ts";
import { publish } from "#/tests/support/publish.ts";
import { openEngine } from "#/tests/support/engine.ts";

const STEPS = 10;
const CONCURRENCY = (process.env["AT"] ?? "1,10,50").split(",").map(Number);
const RUNS: Readonly<Record<number, number>> = { 1: 150, 10: 600, 50: 900 };
const REPEATS = Number(process.env["REPEATS"] ?? 3);
const only = process.env["ONLY"];

const definition = makeChain(STEPS);
const plan = toPlan(definition);

const database = await startDurableDatabase();
const engine = await openEngine({ database, poolSize: 2 * availableParallelism() });
const program = definitionProgram(definition, undefined);
const runner = { ...engine.runner, loadProgram: () => program };
const { workspaceId } = engine.tenant;
const version = await publish(engine.tenant, definition);
let started = 0;

/** The same compiled graph with nothing durable about it. Every checkpoint stays in memory. */
function inMemory(): (index: number) => Promise<void> {
  const scope = { input: {}, trigger: { kind: "manual" }, run: { id: "bench" } };
  const run: GraphCall["run"] = async (node, { channels }) => {
    const once = <T>(_name: string, call: () => Promise<T>) => call();
    const about = { id: "bench", workflowId: null, versionId: null, version: null, depth: 0, outerState: {} };
    const task = {
      step: node.step,
      id: "t",
      run: about,
      attempt: 1,
      sideEffects: { begin: async () => "go" as const, settle: async () => "settled" as const },
      budget: { reserve: async () => undefined, settle: () => undefined, raise: async () => undefined },
      pace: { limits: [], take: async () => 0 },
      signal: new AbortController().signal,
      scope,
      ports: engine.runner.makePorts({ workspaceId, runId: "" }),
      once,
      recall: () => undefined,
      wait: () => null,
      emitText: () => undefined,
      showTool: () => undefined,
      tellCall: () => undefined,
    };
    return { update: (await node.run(task, channels)).update, leadsOn: true };
  };
  const graph = compileGraph(plan);
  return async () => {
    started += 1;
    await graph.invoke(
      { [STARTED]: true },
      {
        configurable: {
          graphCall: {
            scope,
            run,
            enter: async () => undefined,
            checkpoints: new CheckpointBuffer(String(started), undefined),
          },
          thread_id: String(started),
        },
        durability: "sync",
        streamMode: "custom",
      },
    );
  };
}

async function measure(what: string, callers: number, work: (index: number) => Promise<void>): Promise<void> {
  const count = RUNS[callers] ?? 100;
  const from = performance.now();
  const cpu = process.cpuUsage();
  const samples = await timeAll(count, callers, work);
  const rate = (count * STEPS * 1000) / (performance.now() - from);
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1000 / (count * STEPS);
  report(
    `${what}, ${callers} at once`,
    `${rate.toFixed(0).padStart(5)} supersteps/s · ${cpuMs.toFixed(2)} ms CPU each · run ${percentiles(samples)}`,
  );
}

async function startRuns(count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await timeAll(count, 10, async (index) => {
    await insertRun(engine.tenant, {
      id: ids[index] ?? "",
      agentType: "graph",
      ...version,
      version: 1,
      input: {},
      trigger: { kind: "manual" },
    });
  });
  return ids;
}

async function advance(runId: string): Promise<void> {
  await advanceRun(runner, { workspaceId, runId }, { messageId: randomUUID(), retried: 0 });
}

/**
 * Fills the caches, and lets PostgreSQL look at its tables as autovacuum does within a minute. Before it has, it takes a workspace for 1/200 of
 * a table and may look a run up by an index that goes through the whole workspace (0.3 → 0.9 ms of a commit with 2,000 runs).
 */
async function warmUp(): Promise<void> {
  const ids = await startRuns(300);
  await timeAll(ids.length, 20, (index) => advance(ids[index] ?? ""));
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query("analyze");
  await owner.end();
}

async function measureEngine(callers: number): Promise<void> {
  const ids = await startRuns(RUNS[callers] ?? 100);
  const before = { ...engine.counts };
  await measure("Cairn, PostgreSQL with fsync", callers, (index) => advance(ids[index] ?? ""));
  const { claims, commits, journals } = engine.counts;
  const trips = claims - before.claims + (commits - before.commits) + (journals - before.journals);
  const last = await engine.run(ids.at(-1) ?? "");
  if (last["status"] !== "succeeded" || last["step"] !== STEPS)
    throw new Error(`The run is ${String(last["status"])}.`);
  report(`  database round trips of a run of ${STEPS}`, (trips / ids.length).toFixed(1));
}

await warmUp();
for (let repeat = 1; repeat <= REPEATS; repeat += 1) {
  if (REPEATS > 1) console.log(`repeat ${repeat}`);
  for (const callers of CONCURRENCY) {
    if (only !== "cairn") await measure("LangGraph, in memory", callers, inMemory());
    if (only !== "langgraph") await measureEngine(callers);
  }
}
await engine.close();
process.exit(0);
