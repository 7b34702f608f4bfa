import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { type Database, openDatabase, type Tenant } from "#/db/client.ts";
import { storeDecision } from "#/db/decisions.ts";
import { insertRun, sweepRuns } from "#/db/run-lifecycle.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";
import { startTestDatabase } from "#/tests/support/database.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { Killable } from "#/tests/support/killable.ts";
import { publish } from "#/tests/support/publish.ts";
import { type RecordingModel, startRecordingModel } from "#/tests/support/recording-model.ts";
import { seededRandom } from "#/tests/support/random.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";
import { set } from "#/tests/support/definitions.ts";

const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const RUNS = 20;
const DEADLINE_MS = 150_000;
const LEAST_KILLS = 11;

/** Model calls, plain steps, a parallel pair with a join, and an approval in the middle. */
const workflow = {
  format: "cairn/v1",
  name: "crash",
  kind: "graph",
  input: { type: "object", properties: { n: { type: "number" } } },
  steps: {
    first: { type: "llm", prompt: "first {{ run.id }}" },
    left: { type: "llm", prompt: "left {{ run.id }}" },
    right: set("{{ input.n }}"),
    join: set("{{ state.left }}"),
    approve: { type: "approval", title: "Go on with {{ input.n }}?" },
    after: set("{{ state.approve.action }}"),
    last: { type: "llm", prompt: "last {{ run.id }}" },
  },
  edges: [
    { from: "start", to: "first" },
    { from: "first", to: "left" },
    { from: "first", to: "right" },
    { from: ["left", "right"], to: "join" },
    { from: "join", to: "approve" },
    { from: "approve", to: "after" },
    { from: "after", to: "last" },
    { from: "last", to: "end" },
  ],
  output: { last: "{{ state.last }}", n: "{{ state.right.value }}" },
};
const STEPS = ["after", "approve", "first", "join", "last", "left", "right"];
/** left and right share one. */
const SUPERSTEPS = 7;
/** A run begins with one besides. */
const CHECKPOINTS = SUPERSTEPS + 1;

interface World {
  readonly web: Killable;
  readonly queue: Killable;
  readonly model: RecordingModel;
  readonly db: Database;
  readonly tenant: Tenant;
  readonly owner: Client;
  readonly fault: (faults: object) => Promise<void>;
  readonly wake: (runs: readonly { runId: string; wakes: number }[]) => Promise<void>;
}

async function openWorld(): Promise<World> {
  const database = await startTestDatabase();
  const folder = scratchDirectory();
  const model = await startRecordingModel(40);
  const [webPort, queuePort] = [await freePort(), await freePort()];
  const queueUrl = `http://127.0.0.1:${queuePort}`;
  const env = {
    APP_URL: `http://127.0.0.1:${webPort}`,
    DATABASE_URL: database.runtimeUrl,
    QSTASH_URL: queueUrl,
    LLM_BASE_URL: model.baseUrl,
    LLM_MODEL: "recorded",
    // Short, so that a run whose holder was killed together with its message is swept within the test.
    STEP_LEASE_MS: "4000",
    STEP_BUDGET_MS: "300",
    LOG_LEVEL: "silent",
    UPSTASH_DISABLE_TELEMETRY: "1",
  };
  setEnvironment(env);
  const qstash = {
    port: queuePort,
    file: path.join(folder, "queue.sqlite"),
    token: "token",
    currentSigningKey: "current",
    nextSigningKey: "next",
  };
  const web = new Killable(
    ["--conditions=react-server", "tests/support/web-process.ts", String(webPort)],
    env,
  );
  const queue = new Killable(["tests/support/queue-process.ts", JSON.stringify(qstash)], env);
  await Promise.all([web.start(), queue.start()]);
  const db = openDatabase(database.runtimeUrl, 6);
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  onTestFinished(async () => {
    await Promise.all([web.kill(), queue.kill(), model.stop()]);
    await owner.end();
    await db.close();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { sendWakeUps } = await import("#/lib/cloud/queue.ts");
  const tenant = db.tenant(await seedWorkspace(database.ownerUrl));
  const { workspaceId } = tenant;
  return {
    web,
    queue,
    model,
    db,
    tenant,
    owner,
    fault: async (faults) => {
      const headers = { authorization: "Bearer token", "content-type": "application/json" };
      await fetch(`${queueUrl}/v2/_faults`, { method: "POST", headers, body: JSON.stringify(faults) }).catch(
        () => undefined,
      );
    },
    // As in the product: a wake-up that the queue does not take is left to the sweeper.
    wake: (runs) =>
      sendWakeUps(
        runs.map((run) =>
          Object.assign({ workspaceId, lane: { key: `ws_${workspaceId}`, parallelism: 20 } }, run),
        ),
      ).catch(() => undefined),
  };
}

async function statuses({ owner }: World): Promise<Record<string, number>> {
  const { rows } = await owner.query<{ status: string; n: number }>(
    "select status, count(*)::int as n from agent_sessions group by 1",
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.n]));
}

/** Decides whatever is open, twice at the same moment. @returns how many decisions counted */
async function decideTwice({ owner, tenant, wake }: World): Promise<number> {
  const { rows } = await owner.query<{ id: string; run_id: string }>(
    "select id, run_id from approvals where status = 'open'",
  );
  let counted = 0;
  for (const { id, run_id: runId } of rows) {
    const decision = { approvalId: id, action: "approve", by: { kind: "person", id: "test" } };
    const answers = await Promise.all([
      storeDecision(tenant, runId, decision),
      storeDecision(tenant, runId, decision),
    ]);
    const owed = answers.filter((answer) => answer !== undefined);
    counted += owed.length;
    await wake(owed);
  }
  return counted;
}

const countKills = ({ web, queue }: World) => web.kills + queue.kills;

async function rage(world: World, random: () => number, until: number): Promise<void> {
  // On a busy machine a process takes its time to come back.
  while (Date.now() < until || countKills(world) < LEAST_KILLS) {
    await sleep(150 + random() * 500);
    const victim = random() < 0.6 ? world.web : world.queue;
    await victim.crash();
    // A restarted queue has forgotten its faults.
    await world.fault({ drop: 0.12, duplicate: 0.3, delayMs: 40, seed: Math.floor(random() * 1e6) });
  }
}

test(`keeps ${RUNS} runs right while processes are killed and deliveries are lost, doubled and late (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const world = await openWorld();
  await world.fault({ drop: 0.12, duplicate: 0.3, delayMs: 40, seed: SEED });
  const version = await publish(world.tenant, workflow);
  const ids = Array.from({ length: RUNS }, () => randomUUID());
  for (const [n, id] of ids.entries()) {
    await insertRun(world.tenant, {
      id,
      agentType: "graph",
      ...version,
      version: 1,
      input: { n },
      trigger: { kind: "manual" },
    });
    await world.wake([{ runId: id, wakes: 1 }]);
  }

  const startedAt = Date.now();
  const raging = rage(world, random, startedAt + 15_000);
  let decided = 0;
  while (Date.now() - startedAt < DEADLINE_MS && (await statuses(world))["succeeded"] !== RUNS) {
    decided += await decideTwice(world);
    await world.wake(
      (await sweepRuns(world.db.system, 1000, 500)).map(({ runId, wakes }) => ({ runId, wakes })),
    );
    await sleep(250);
  }
  await raging;
  console.log(
    `crash test: seed ${SEED}, ${((Date.now() - startedAt) / 1000).toFixed(1)} s, kills: web ${world.web.kills}, queue ${world.queue.kills}, model calls ${world.model.calls.length}`,
  );

  expect(await statuses(world)).toEqual({ succeeded: RUNS });
  expect(countKills(world)).toBeGreaterThanOrEqual(LEAST_KILLS);
  expect(decided).toBe(RUNS);
  for (const [n, id] of ids.entries()) await expectRight(world, id, n);
});

async function expectRight({ owner, model }: World, id: string, n: number): Promise<void> {
  const {
    rows: [run],
  } = await owner.query<{ output: unknown; step: number }>(
    "select output, step from agent_sessions where id = $1",
    [id],
  );
  expect(run).toEqual({ output: { last: `answer to last ${id}`, n }, step: SUPERSTEPS });
  const { rows: logs } = await owner.query<{ step: string }>(
    "select step from agent_logs where session_id = $1 and status = 'succeeded' order by step",
    [id],
  );
  expect(logs.map((row) => row.step)).toEqual(STEPS);
  const {
    rows: [points],
  } = await owner.query<{ n: number; parents: number }>(
    "select count(*)::int as n, count(distinct parent_checkpoint_id)::int as parents from checkpoints where thread_id = $1",
    [id],
  );
  expect(points).toEqual({ n: CHECKPOINTS, parents: CHECKPOINTS - 1 });
  const { rows: journaled } = await owner.query<{ text: string; at: Date }>(
    "select result ->> 'text' as text, created_at as at from journal where run_id = $1",
    [id],
  );
  expect(journaled.length).toBe(3);
  for (const { text, at } of journaled) {
    const again = model.calls.filter((call) => `answer to ${call.prompt}` === text && call.at > at.getTime());
    expect(again).toEqual([]);
  }
}
