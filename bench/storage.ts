// How many bytes the checkpoints of a run take, by its length: they have to grow with it and not with its square. And what the storage page costs.
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import * as v from "valibot";
import { Definition } from "#/agents/definition/format/definition.ts";
import { advanceRun, type Runner } from "#/agents/runner/advance.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { report } from "#/bench/percentiles.ts";
import { readStorage } from "#/db/storage.ts";
import { openEngine } from "#/tests/support/engine.ts";

const KILOBYTE = 1_000;
const TURNS = [50, 100, 200];
const RUNS = 100_000;

/** The model asks for one tool call a turn, each with a text of its own. */
const talkative = () => ({
  format: "cairn/v1",
  name: "talkative",
  kind: "graph",
  steps: { chat: { type: "agent", role: "Clerk", goal: "Add up", tools: ["calculator"], maxIterations: 50 } },
  edges: [
    { from: "start", to: "chat" },
    { from: "chat", to: "end" },
  ],
});
/** Every turn of the loop adds a text to a list. */
const collecting = (turns: number) => ({
  format: "cairn/v1",
  name: "collecting",
  kind: "graph",
  state: { notes: { reduce: "append", default: [] } },
  steps: {
    note: {
      type: "set",
      save: "notes",
      values: { text: "x".repeat(KILOBYTE), at: "{{ size(state.notes) }}" },
    },
  },
  edges: [
    { from: "start", to: "note" },
    { from: "note", when: [{ if: `size(state.notes) < ${turns}`, to: "note" }], else: "end" },
  ],
});

const database = await startDurableDatabase();
let left = 0;
const engine = await openEngine({
  database,
  model: () => {
    left -= 1;
    return left < 0 ? "done" : { tool: "calculator", input: { expression: `1 + ${"1".repeat(400)}` } };
  },
});
/** An agent may take 50 turns. Here it may take as many as it likes. */
const runner: Runner = {
  ...engine.runner,
  loadProgram: (_ref, held) => {
    const definition = v.parse(Definition, held.definition);
    if (definition.kind !== "graph") throw new Error("This bench runs graphs.");
    const steps = Object.entries(definition.steps).map(
      ([id, step]) => [id, step.type === "agent" ? { ...step, maxIterations: Infinity } : step] as const,
    );
    return definitionProgram({ ...definition, steps: Object.fromEntries(steps) }, undefined);
  },
};
async function settle(): Promise<void> {
  for (const wake of engine.queued) await advanceRun(runner, wake, { messageId: randomUUID(), retried: 0 });
  engine.queued.length = 0;
}

const owner = new Client({ connectionString: database.ownerUrl });
await owner.connect();

for (const [name, make] of Object.entries({
  "agent, a call and its answer a turn": talkative,
  "append, items of 1 KB": collecting,
})) {
  for (const turns of TURNS) {
    left = turns;
    const run = await engine.start(make(turns));
    await settle();
    const { rows } = await owner.query<{
      steps: number;
      kb: number;
      whole: number;
      claim: number;
      status: string;
    }>(
      `select s.step as steps, s.status, s.checkpoint_bytes::float8 / 1000 as kb,
         (select sum(octet_length(app.blob_text(b)))::float8 / 1000 from checkpoint_blobs b where b.thread_id = s.id::text) as whole
       from agent_sessions s where s.id = $1`,
      [run],
    );
    const [row] = rows;
    if (row?.status !== "succeeded") throw new Error(`The run is ${row?.status}.`);
    const claimMs = await timeToClaim(run);
    const each = (row.kb / row.steps).toFixed(2);
    report(
      `${name}, ${turns} turns`,
      `${row.kb.toFixed(0).padStart(6)} KB in ${row.steps} supersteps · ${each} KB each · stored whole it were ${row.whole.toFixed(0)} KB · put together in ${claimMs.toFixed(1)} ms`,
    );
  }
}

/** Reading the newest checkpoint back, as a claim does. */
async function timeToClaim(run: string): Promise<number> {
  const samples: number[] = [];
  for (let time = 0; time < 9; time += 1) {
    const from = performance.now();
    await owner.query(
      "select app.newest_checkpoint(s.workspace_id, s.id::text, s.checkpoints_expire_on) from agent_sessions s where s.id = $1",
      [run],
    );
    samples.push(performance.now() - from);
  }
  return samples.toSorted((a, b) => a - b)[4] ?? 0;
}

const { workspaceId } = engine.tenant;
await owner.query(
  `insert into agent_sessions (workspace_id, id, agent_type, status, finished_at, state, output, log_seq, log_bytes, checkpoint_rows, checkpoint_bytes)
   select $1, gen_random_uuid(), 'graph', 'succeeded', now(), jsonb_build_object('text', repeat('x', 300)), '{"a": 1}', 10, 5000, 40, 20000 from generate_series(1, $2)`,
  [workspaceId, RUNS],
);
await owner.query("vacuum analyze agent_sessions");
const samples: number[] = [];
for (let time = 0; time < 15; time += 1) {
  const from = performance.now();
  await readStorage(engine.tenant);
  samples.push(performance.now() - from);
}
samples.sort((a, b) => a - b);
report(`storage page, ${RUNS} runs`, `p50 ${samples[7]?.toFixed(0)} ms · least ${samples[0]?.toFixed(0)} ms`);
await owner.end();
await engine.close();
process.exit(0);
