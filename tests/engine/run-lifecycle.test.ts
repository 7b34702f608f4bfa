import { randomUUID } from "node:crypto";
import {
  assert,
  type AsyncCommand,
  asyncModelRun,
  asyncProperty,
  commands,
  constant,
  constantFrom,
} from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Outcome } from "#/agents/engine/run.ts";
import { settle } from "#/agents/engine/settle.ts";
import { storeDecision } from "#/db/decisions.ts";
import { storeCancel, storePause, storeResume, sweepRuns } from "#/db/run-lifecycle.ts";
import { describeOnEachEngine } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";

/** What somebody who looks from outside can know of a run. */
interface Expected {
  state: "ready" | "held" | "waiting" | "paused" | "ended";
  /** Somebody has asked for a pause while the run was held. */
  isPausing: boolean;
  /** What the pause interrupted was a wait that nobody has answered. */
  isWaiting: boolean;
}

interface Real {
  readonly engine: TestEngine;
  readonly runId: string;
  /** Epochs of all who have ever held it. */
  readonly epochs: number[];
}

type Step = AsyncCommand<Expected, Real>;

function promise(what: string, holds: boolean): void {
  expect(holds, what).toBe(true);
}

const command = (name: string, check: Step["check"], run: Step["run"]): Step => ({
  check,
  run,
  toString: () => name,
});
const anyTime = () => true;
const refOf = ({ engine, runId }: Real) => ({ workspaceId: engine.tenant.workspaceId, runId });
/** A question has its own id each time, as in the engine: the same step asked again in a loop is another task. */
const ask = (epoch: number): Outcome => ({
  kind: "waiting",
  waits: [
    { id: waitOf(epoch), kind: "approval", step: "s", approval: { title: "Go?", actions: ["approve"] } },
  ],
  on: ["approval"],
  ran: true,
});
const waitOf = (epoch: number) => `w${epoch}`;

/** @returns whether it was stored */
async function commit(real: Real, epoch: number, outcome: Outcome): Promise<boolean> {
  const progress = { elapsedMs: 0, supersteps: 1, attempt: 0, step: 0, maxSteps: 100 };
  const settlement = settle(outcome, progress, { budgetMs: 0, limit: 1 });
  const rows = { checkpoints: [], blobs: [], writes: [] };
  const { committed } = await real.engine.store.commit(refOf(real), epoch, {
    settlement,
    rows,
    state: undefined,
    logs: [],
    consumed: real.epochs.filter((held) => held < epoch).map(waitOf),
    leaseMs: 60_000,
    parentId: null,
  });
  return committed;
}

const claim = command("claim", anyTime, async (expected, real) => {
  const answer = await real.engine.store.claim(refOf(real), { messageId: randomUUID(), retried: 0 }, 60_000);
  promise("a run is taken when it is ready, and only then", answer?.claimed === (expected.state === "ready"));
  if (!answer?.claimed) return;
  promise("epochs grow", answer.epoch > (real.epochs.at(-1) ?? 0));
  real.epochs.push(answer.epoch);
  expected.state = "held";
});

const commits = (name: string, outcomeOf: (epoch: number) => Outcome, state: Expected["state"]) =>
  command(
    name,
    ({ state: now }) => now === "held",
    async (expected, real) => {
      const epoch = real.epochs.at(-1) ?? 0;
      promise("the holder's word is stored", await commit(real, epoch, outcomeOf(epoch)));
      expected.isWaiting = state === "waiting";
      expected.state = expected.isPausing && state !== "ended" ? "paused" : state;
      expected.isPausing = false;
    },
  );

/** Whoever held the run before, or never, writes nothing. */
const zombie = command("a zombie's commit", anyTime, async ({ state }, real) => {
  const stale = [0, ...(state === "held" ? real.epochs.slice(0, -1) : real.epochs)];
  for (const epoch of stale)
    promise("nobody else's is", !(await commit(real, epoch, { kind: "finished", output: null })));
});

const decide = command(
  "decide",
  ({ isWaiting, state }) => isWaiting && state !== "ended",
  async (expected, real) => {
    const approval = (await real.engine.rows("approvals", real.runId)).find(
      (row) => row["status"] === "open",
    );
    const decision = { approvalId: String(approval?.["id"]), action: "approve", by: { kind: "person" } };
    promise(
      "a decision counts",
      (await storeDecision(real.engine.tenant, real.runId, decision)) !== undefined,
    );
    promise("once", (await storeDecision(real.engine.tenant, real.runId, decision)) === undefined);
    expected.isWaiting = false;
    if (expected.state === "waiting") expected.state = "ready";
  },
);

const pause = command("pause", anyTime, async (expected, real) => {
  await storePause(real.engine.tenant, real.runId);
  if (expected.state === "held") expected.isPausing = true;
  else if (expected.state !== "ended") expected.state = "paused";
});

const resume = command("resume", anyTime, async (expected, real) => {
  await storeResume(real.engine.tenant, real.runId);
  expected.isPausing = false;
  if (expected.state === "paused") expected.state = expected.isWaiting ? "waiting" : "ready";
});

const cancel = command("cancel", anyTime, async (expected, real) => {
  const { kind } = await storeCancel(real.engine.tenant, real.runId, "enough");
  promise("a run ends once", kind === (expected.state === "ended" ? "wrong-status" : "done"));
  expected.state = "ended";
});

/** The outbox: a run that is ready is owed a wake-up, and no other run is. */
const sweep = command("sweep", anyTime, async ({ state }, { engine, runId }) => {
  const owed = await sweepRuns(engine.db.system, -1000, 1000);
  promise(
    "whoever is ready is owed a wake-up, and nobody else",
    owed.some((run) => run.runId === runId) === (state === "ready"),
  );
});

const STEPS = [
  constantFrom(
    claim,
    commits("continues", () => ({ kind: "progressed" }), "ready"),
    commits("asks", ask, "waiting"),
    decide,
  ),
  constantFrom(zombie, pause, resume, sweep),
  constantFrom(
    commits("ends", () => ({ kind: "finished", output: 1 }), "ended"),
    cancel,
    sweep,
  ),
  constant(claim),
];
const definition = {
  format: "cairn/v1",
  name: "any",
  kind: "graph",
  steps: { s: { type: "set", values: {} } },
  edges: [
    { from: "start", to: "s" },
    { from: "s", to: "end" },
  ],
};

describeOnEachEngine("a run's life", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind });
  });
  afterAll(() => engine.close());

  test("in whatever order it is claimed, stored, paused, decided and cancelled: one holder, no zombie's word, no lost wake-up, one end", async () => {
    const anyLife = commands(STEPS, { maxCommands: 25, size: "max" });
    const property = asyncProperty(anyLife, async (steps) => {
      const runId = await engine.start(definition);
      const model: Expected = { state: "ready", isPausing: false, isWaiting: false };
      await asyncModelRun(() => ({ model, real: { engine, runId, epochs: [] } }), steps);
    });
    await expect(assert(property, { numRuns: 100 })).resolves.toBeUndefined();
  });
});
