import { decideClaim } from "#/agents/engine/claim.ts";
import { type InvocationBudget, settle, type Settlement } from "#/agents/engine/settle.ts";
import type { StepPorts } from "#/agents/ports.ts";
import { Invocation, type Program } from "#/agents/runner/invocation.ts";
import type { Delivery, HeldRun, LiveOutput, Observer, RunRef, RunStore, SuperstepChange, Wake } from "#/agents/runner/ports.ts";

export interface Runner {
  readonly store: RunStore;
  readonly wake: Wake;
  readonly live: LiveOutput;
  readonly observe: Observer;
  readonly portsOf: (ref: RunRef) => StepPorts;
  readonly now: () => number;
  /** @throws when the stored definition cannot be read by this version of the code */
  readonly programOf: (ref: RunRef, held: HeldRun) => Program;
  readonly budget: InvocationBudget;
  /** The longest an invocation may live, plus a margin: no invocation outlives its lease, so none needs a heartbeat. */
  readonly leaseMs: number;
}

/** The HTTP answer for the queue. */
export type Answer = { readonly status: 200 } | { readonly status: 503; readonly retryAfterS: number };

const DONE: Answer = { status: 200 };

/**
 * One invocation: claim the run, then superstep, commit, and go on while the budget lasts; at last hand over by a wake-up.
 * Failures of the run are data and answer 200; only infrastructure errors throw, and then the queue delivers again.
 */
export async function advanceRun(runner: Runner, ref: RunRef, delivery: Delivery): Promise<Answer> {
  const claim = await runner.store.claim(ref, delivery, runner.leaseMs);
  const decision = decideClaim(claim);
  if (decision.kind === "come-back") return { status: 503, retryAfterS: decision.afterS };
  if (decision.kind === "acknowledge" || !claim?.claimed) return DONE;
  const work = openWork(runner, ref, claim);
  if (decision.kind === "give-up") {
    await commitFailure(work, { code: "crashed", message: "This step ended its process every time it ran. It may need too much memory or time." });
  } else if (work.invocation) {
    await runSupersteps({ ...work, invocation: work.invocation });
  } else {
    await commitFailure(work, { code: "unreadable", message: work.problem ?? "The stored definition cannot be read." });
  }
  await runner.live.flush();
  return DONE;
}

interface Work {
  readonly runner: Runner;
  readonly ref: RunRef;
  readonly held: HeldRun;
  readonly invocation: Invocation | undefined;
  readonly problem?: string;
}

function openWork(runner: Runner, ref: RunRef, held: HeldRun): Work {
  const scope = {
    input: held.input,
    trigger: held.trigger,
    run: { id: ref.runId, workflowId: held.workflowId, version: held.version, createdAt: new Date(held.createdAt).toISOString() },
  };
  try {
    return { runner, ref, held, invocation: new Invocation(ref.runId, held, { program: runner.programOf(ref, held), scope }) };
  } catch (error) {
    return { runner, ref, held, invocation: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function runSupersteps(work: Work & { readonly invocation: Invocation }): Promise<void> {
  const { runner, held } = work;
  const startedAt = runner.now();
  let attempt = held.attempt;
  for (let done = 1; ; done += 1) {
    const change = await runSuperstep(work, { superstep: held.step + done - 1, attempt, progress: { startedAt, done } });
    if (!(await commit(work, change)) || !change.settlement.keepLease) return;
    attempt = 0;
  }
}

interface Position {
  readonly superstep: number;
  readonly attempt: number;
  readonly progress: { readonly startedAt: number; readonly done: number };
}

async function runSuperstep(work: Work & { readonly invocation: Invocation }, position: Position): Promise<SuperstepChange> {
  const { runner, ref, held, invocation } = work;
  const { superstep, attempt, progress } = position;
  const branch = (id: string) => ({ id, epoch: held.epoch });
  const result = await invocation.step({
    runId: ref.runId,
    ports: runner.portsOf(ref),
    superstep,
    attempt,
    signal: AbortSignal.timeout(runner.leaseMs),
    journaled: held.journal,
    journal: (key, value) => runner.store.journal(ref, { key, superstep, result: value }),
    show: (taskId, chunk) => runner.live.show(ref, branch(taskId), chunk),
    failed: (error, step) => runner.observe.stepFailed(ref, error, step),
  });
  const settlement = settle(
    result.outcome,
    { elapsedMs: runner.now() - progress.startedAt, supersteps: progress.done, attempt },
    runner.budget,
  );
  return {
    settlement,
    rows: invocation.buffer.take(),
    state: result.state,
    logs: result.superstep.logs,
    consumed: result.consumed,
    leaseMs: runner.leaseMs,
  };
}

/** @returns whether the run is still ours */
async function commit({ runner, ref, held }: Work, change: SuperstepChange): Promise<boolean> {
  const committed = await runner.store.commit(ref, held.epoch, change);
  if (!committed.committed) return false;
  runner.observe.superstepCommitted(ref, change);
  runner.live.show(ref, { id: "run", epoch: held.epoch }, { type: "committed", seq: committed.logSeq, status: change.settlement.status });
  if (needsWakeUp(change.settlement) && committed.dueInMs !== null) {
    // A wake-up that cannot be sent is not an error: the row is owed one, and the sweeper sends it.
    await runner.wake([{ ...ref, wakes: committed.wakes, delayMs: committed.dueInMs }]);
  }
  return true;
}

function needsWakeUp(settlement: Settlement): boolean {
  return !settlement.keepLease && (settlement.status === "running" || settlement.status === "retrying" || settlement.status === "waiting");
}

async function commitFailure(work: Work, error: { readonly code: string; readonly message: string }): Promise<void> {
  const progress = { elapsedMs: 0, supersteps: 0, attempt: work.held.attempt };
  await commit(work, {
    settlement: settle({ kind: "failed", status: "failed", error }, progress, work.runner.budget),
    rows: { checkpoints: [], blobs: [], writes: [] },
    state: undefined,
    logs: [],
    consumed: [],
    leaseMs: 0,
  });
}
