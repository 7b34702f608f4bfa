// What one superstep of a crew costs: three agents with tools and a delegation, 29 supersteps looped in one invocation, with a model that answers at once.
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { percentiles, quantile, report, timeAll } from "#/bench/percentiles.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { builtInNames } from "#/agents/tools/builtin/source.ts";
import { insertRun } from "#/db/run-lifecycle.ts";
import { openEngine, type ScriptedModel } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";

const STEPS = 29;
const RUNS = Number(process.env["RUNS"] ?? 60);
const CONCURRENCY = (process.env["AT"] ?? "1,10").split(",").map(Number);
/** A document that an agent has read, about as long as a page. */
const PAGE = "Cairns mark the way over the fell where the path is lost in fog. ".repeat(30);

const agent = (role: string, rest: object = {}) => ({ role, goal: "Work", tools: ["calculator"], ...rest });
const task = (id: string, by: string) => ({ id, description: PAGE, expectedOutput: "A report", agent: by });
const checked = validateDefinition(
  {
    format: "cairn/v1",
    name: "Crew",
    kind: "crew",
    agents: {
      researcher: agent("Researcher"),
      analyst: agent("Analyst"),
      writer: agent("Writer", { allowDelegation: true }),
    },
    tasks: [task("research", "researcher"), task("analyse", "analyst"), task("write", "writer")],
  },
  { tools: builtInNames() },
);
if (!checked.ok) throw new Error(JSON.stringify(checked.problems));

const CALLS = 4;
const calculate = { tool: "calculator", input: { expression: "6 * 7" } };
const give = { tool: "delegate", input: { coworker: "Analyst", task: "Check it", context: PAGE } };

/** Each agent calculates four times and answers; the writer has a colleague check its work before: 9 + 9 + 11 supersteps. */
const script: ScriptedModel = (prompt) => {
  if (prompt.includes("Check it") && !prompt.includes('"delegate"')) return "It is right.";
  const results = prompt.split('"type":"tool-result"').length - 1;
  if (results < CALLS) return calculate;
  return prompt.includes("You are Writer") && results === CALLS ? give : PAGE;
};

const database = await startDurableDatabase();
const engine = await openEngine({ database, model: script, budgetMs: 600_000 });
const program = definitionProgram(checked.definition, undefined);
const runner = { ...engine.runner, loadProgram: () => program, budget: { budgetMs: 600_000, limit: 1000 } };
const { workspaceId } = engine.tenant;
const version = await publish(engine.tenant, checked.definition);

async function startRuns(count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids)
    await insertRun(engine.tenant, {
      id,
      agentType: "crew",
      ...version,
      version: 1,
      input: {},
      trigger: { kind: "manual" },
    });
  return ids;
}

async function advance(runId: string): Promise<void> {
  await advanceRun(runner, { workspaceId, runId }, { messageId: randomUUID(), retried: 0 });
}

async function measure(callers: number): Promise<void> {
  const ids = await startRuns(RUNS);
  const before = { ...engine.counts };
  const cpu = process.cpuUsage();
  const samples = await timeAll(ids.length, callers, (index) => advance(ids[index] ?? ""));
  const { user, system } = process.cpuUsage(cpu);
  const last = await engine.run(ids.at(-1) ?? "");
  if (last["status"] !== "succeeded" || last["step"] !== STEPS)
    throw new Error(`The run is ${String(last["status"])} after ${String(last["step"])} supersteps.`);
  const { claims, commits, journals } = engine.counts;
  const trips = claims - before.claims + (commits - before.commits) + (journals - before.journals);
  const each = samples.map((ms) => ms / STEPS);
  report(
    `crew of 3, ${STEPS} supersteps, ${callers} at once`,
    `${quantile(each, 0.5).toFixed(1)} ms a superstep (p95 ${quantile(each, 0.95).toFixed(1)}) · ${((user + system) / 1000 / RUNS / STEPS).toFixed(2)} ms CPU each · run ${percentiles(samples)} · ${(trips / RUNS).toFixed(0)} round trips`,
  );
}

for (const id of await startRuns(20)) await advance(id);
const owner = new Client({ connectionString: database.ownerUrl });
await owner.connect();
await owner.query("analyze");
await owner.end();
for (const callers of CONCURRENCY) await measure(callers);
await engine.close();
process.exit(0);
