// For bench/peers: Cairn's engine in this process, on its database behind the Neon wire. One claim a run, then superstep after superstep.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { advanceRun } from "#/agents/runner/advance.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { makeChain } from "#/bench/chain.ts";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { offer, STEPS } from "#/bench/peers/offer.ts";
import { insertRun } from "#/db/run-lifecycle.ts";
import { openEngine } from "#/tests/support/engine.ts";
import { publish } from "#/tests/support/publish.ts";

const database = await startDurableDatabase();
const { tenant, runner } = await openEngine({ database, poolSize: 2 * availableParallelism() });
const { workspaceId } = tenant;
const definition = makeChain(STEPS);
const version = await publish(tenant, definition);
const program = definitionProgram(definition, undefined);
const ended = new Set<string>();
/** As in operations/execution/advance.ts: the program of a version is kept. */
const keeping = {
  ...runner,
  loadProgram: () => program,
  observe: {
    ...runner.observe,
    superstepCommitted: (
      { runId }: { runId: string },
      { settlement }: { settlement: { status: string } },
    ) => {
      if (settlement.status === "succeeded") ended.add(runId);
    },
  },
};

async function run(): Promise<void> {
  const runId = randomUUID();
  await insertRun(tenant, {
    id: runId,
    agentType: "graph",
    ...version,
    version: 1,
    input: {},
    trigger: { kind: "manual" },
  });
  await advanceRun(keeping, { workspaceId, runId }, { messageId: randomUUID(), retried: 0 });
  if (!ended.delete(runId)) throw new Error(`Run ${runId} did not succeed.`);
}

const { version: cairn } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
offer({ version: `cairn ${cairn}, Neon driver over a local front`, run, standIns: [database.pid] });
