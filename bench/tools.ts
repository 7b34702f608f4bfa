// What a list of 500 tools costs an agent's step, before a model is asked. node --conditions=react-server bench/tools.ts
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { Definition } from "#/agents/definition/format/definition.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { pinTools } from "#/agents/tools/pin-tools.ts";
import { insertRun } from "#/db/run-lifecycle.ts";
import { publish } from "#/tests/support/publish.ts";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { percentiles, quantile, report } from "#/bench/percentiles.ts";
import { insertTool } from "#/db/tools.ts";
import { openTools } from "#/operations/tools/source.ts";
import { openEngine } from "#/tests/support/engine.ts";
import { setEnvironment } from "#/tests/support/environment.ts";

const RUNS = 40;
const WARM = 10;
const COUNTS = [1, 500];
setEnvironment({});

const engine = await openEngine({
  database: await startDurableDatabase(),
  model: () => "done",
  ports: {
    tools: {
      find: (names) => openTools(engine.tenant).find(names),
      names: () => openTools(engine.tenant).names(),
    },
  },
});
const { workspaceId } = engine.tenant;
const names = Array.from({ length: 500 }, (_, index) => `crm__operation_${index}`);
for (const name of names)
  await insertTool(engine.tenant, {
    id: randomUUID(),
    name,
    origin: "openapi",
    description: `What ${name} does, in the words of its document, so that a model can choose it.`,
    effect: "read",
    importedFrom: null,
    input: {
      type: "object",
      required: ["id"],
      properties: {
        id: { type: "string", description: "The number of the customer" },
        fields: { type: "array", items: { type: "string" } },
        page: { type: "integer", minimum: 1 },
      },
    },
    request: {
      method: "GET",
      url: `https://api.example.com/${name}/{id}`,
      headers: {},
      places: { id: "path" },
    },
  });

const VISITS = 10;

/** An agent that is offered some tools calls none and is done, ten times in a row: the run is stored once, its tools are looked up each time. */
async function measure(count: number): Promise<readonly number[]> {
  const tools = names.slice(0, count);
  const ids = Array.from({ length: VISITS }, (_, index) => `ask${index}`);
  const definition = await pinTools(
    v.parse(Definition, {
      format: "cairn/v1",
      name: "Tools",
      kind: "graph",
      steps: Object.fromEntries(
        ids.map((id) => [id, { type: "agent", role: "Clerk", goal: "Answer", tools }]),
      ),
      edges: ["start", ...ids].map((from, index) => ({ from, to: ids[index] ?? "end" })),
    }),
    openTools(engine.tenant),
  );
  // Processes keep the programs of the versions that they run.
  const program = definitionProgram(definition, undefined);
  const runner = { ...engine.runner, loadProgram: () => program };
  const version = await publish(engine.tenant, definition, names);
  const cpu: number[] = [];
  for (let run = 0; run < RUNS + WARM; run += 1) {
    const id = randomUUID();
    const start = { id, agentType: "graph", ...version, version: 1, input: {} } as const;
    await insertRun(engine.tenant, { ...start, trigger: { kind: "manual" } });
    const before = process.cpuUsage();
    await advanceRun(runner, { workspaceId, runId: id }, { messageId: randomUUID(), retried: 0 });
    const { user, system } = process.cpuUsage(before);
    if (run >= WARM) cpu.push((user + system) / 1000 / VISITS);
    if ((await engine.run(id))["status"] !== "succeeded") throw new Error("The run has not succeeded.");
  }
  return cpu;
}

try {
  const medians: number[] = [];
  for (const count of COUNTS) {
    const samples = await measure(count);
    medians.push(quantile(samples, 0.5));
    report(`CPU of an agent step that is offered ${count} tools`, percentiles(samples));
  }
  const [few = Number.NaN, many = Number.NaN] = medians;
  report("what 500 tools cost a step (bar: < 5 ms)", `${(many - few).toFixed(1)} ms of CPU at p50`);
} finally {
  await engine.close();
}
