import { sumUsd } from "#/agents/engine/usd.ts";
import { pinnedSource } from "#/agents/tools/pinned-source.ts";
import { decideClaim } from "#/agents/engine/claim.ts";
import type { Limits } from "#/agents/definition/format/definition.ts";
import { isLimited, type Spending } from "#/agents/engine/budget.ts";
import type { Outcome } from "#/agents/engine/run.ts";
import {
  type InvocationBudget,
  MAX_STEPS_DEFAULT,
  settle,
  type Settlement,
  USED_UP,
} from "#/agents/engine/settle.ts";
import type { FixedScope } from "#/agents/langgraph/compile/graph-call.ts";
import type { PacePort } from "#/agents/steps/task.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { OwnBudget, type RunBudget, shareBudget } from "#/agents/runner/run-budget.ts";
import { type HoldWatch, watchHold } from "#/agents/runner/hold-watch.ts";
import { Invocation, type InvocationPorts, type Program } from "#/agents/runner/invocation.ts";
import type { SuperstepContext } from "#/agents/runner/superstep.ts";
import type {
  Damage,
  Delivery,
  HeldRun,
  LiveOutput,
  LogEntry,
  Observer,
  RunRef,
  RunStore,
  SuperstepChange,
  Wake,
  WakeUp,
} from "#/agents/runner/runner-ports.ts";
import { sqlMeaning } from "#/lib/sql-state.ts";

export interface Runner {
  readonly store: RunStore;
  readonly wake: Wake;
  readonly live: LiveOutput;
  readonly observe: Observer;
  /** Tells whoever still works for runs of this workspace that have ended. Must not throw for what they do. */
  readonly endRemoteTasks: (workspaceId: string) => Promise<void>;
  readonly makePorts: (ref: RunRef) => StepPorts;
  readonly now: () => number;
  /** @throws when the stored definition cannot be read by this version of the code */
  readonly loadProgram: (ref: RunRef, held: HeldRun) => Program;
  readonly budget: InvocationBudget;
  /** The longest an invocation may live, plus a margin: no invocation outlives its lease, so none needs a heartbeat. */
  readonly leaseMs: number;
}

/** The HTTP answer for the queue. */
export type Answer = { readonly status: 200 } | { readonly status: 503; readonly retryAfterS: number };

const DONE: Answer = { status: 200 };

/**
 * One invocation: claim the run, then superstep, commit, and continue while the budget lasts; at last hand over by a wake-up.
 * Failures of the run are data and answer 200; only infrastructure errors throw, and then the queue delivers again.
 */
export async function advanceRun(runner: Runner, ref: RunRef, delivery: Delivery): Promise<Answer> {
  const claim = await runner.store.claim(ref, delivery, runner.leaseMs);
  const decision = decideClaim(claim);
  if (decision.kind === "come-back") return { status: 503, retryAfterS: decision.afterS };
  if (decision.kind === "end-remote-tasks") await runner.endRemoteTasks(ref.workspaceId);
  if (!claim?.claimed) return DONE;
  const work = { runner, ref, held: claim };
  if (decision.kind === "give-up") {
    await commitFailure(work, {
      code: "crashed",
      message: "This step ended its process every time it ran. It may need too much memory or time.",
    });
  } else if (claim.timeLeftMs !== null && claim.timeLeftMs <= 0) {
    await commitFailure(
      work,
      {
        code: "run-timeout",
        message: "The run took longer than its time limit. Raise `limits.timeout`, or make it smaller.",
      },
      "timed_out",
    );
  } else {
    await runSupersteps(work);
  }
  await runner.live.flush(ref, claim.epoch);
  return DONE;
}

interface Work {
  readonly runner: Runner;
  readonly ref: RunRef;
  readonly held: HeldRun;
}

async function runSupersteps(work: Work): Promise<void> {
  const { runner, ref, held } = work;
  const taken = Object.keys(held.answers);
  const watch = watchHold(() => runner.store.look(ref, held.epoch, taken));
  try {
    const opened = openInvocation(work, watch);
    if ("problem" in opened) await commitFailure(work, opened.problem);
    else await opened.invocation.run();
  } catch (error) {
    if (sqlMeaning(error) !== "unstorable") throw error;
    await commitFailure(work, { code: "unstorable", message: unstorable(error) });
  } finally {
    watch.stop();
  }
}

/** Delivered again it would be refused again. */
const unstorable = (error: unknown) =>
  `The database cannot store what this step has made: ${error instanceof Error ? error.message : String(error)}. Make it smaller or plainer.`;

interface Problem {
  readonly code: string;
  readonly message: string;
}

function openInvocation(
  work: Work,
  watch: HoldWatch,
): { readonly invocation: Invocation } | { readonly problem: Problem } {
  const { runner, ref, held } = work;
  if (held.damage !== undefined) return { problem: describeDamage(held.damage) };
  try {
    const scope = makeScope(work);
    const program = runner.loadProgram(ref, held);
    return {
      invocation: new Invocation(ref.runId, held, {
        program,
        scope,
        ports: makeInvocationPorts(work, watch, program),
      }),
    };
  } catch (error) {
    return {
      problem: { code: "unreadable", message: error instanceof Error ? error.message : String(error) },
    };
  }
}

/** Going on without a part of the state would be another run under this one's name. */
function describeDamage({ kind, what }: Damage): Problem {
  const message =
    kind === "incomplete"
      ? `The stored state of this run is incomplete (${what}), so it cannot continue. Nothing was changed: fork it from an earlier step, or start it anew.`
      : `The stored state of this run cannot be read by this version of Cairn (${what}). Nothing was changed: start it anew, or go back to the version that stored it.`;
  return { code: kind === "incomplete" ? "state-incomplete" : "unreadable", message };
}

/** Makes what expressions see besides the state. A part of a definition sees what the whole sees, and its item. */
function makeScope({ ref, held }: Work): FixedScope {
  const { part, workflowId, version } = held;
  const run = {
    id: part?.runId ?? ref.runId,
    workflowId,
    version,
    createdAt: new Date(held.createdAt).toISOString(),
  };
  if (!part) return { input: held.input, trigger: held.trigger, run };
  return {
    input: part.input,
    trigger: part.trigger,
    run,
    item: part.item,
    index: part.index,
    state: part.state,
  };
}

/** A public state of 100 KB, written at each of a hundred supersteps, would be 10 MB of log for the database. */
const SHOW_STATE_EVERY_MS = 1_000;

/** Steps call only tools that are as the version was published with them. */
const pinnedPorts = (ports: StepPorts, pins: Program["toolPins"]): StepPorts =>
  pins ? { ...ports, tools: pinnedSource(ports.tools, pins) } : ports;

/** Counts the supersteps of an invocation and decides after each one whether there is another. */
function makeInvocationPorts(
  work: Work,
  { lost, isAnswered }: HoldWatch,
  { limits, toolPins, maxRpm }: Program,
): InvocationPorts {
  const { runner, ref, held } = work;
  const startedAt = runner.now();
  const ports = pinnedPorts(runner.makePorts(ref), toolPins);
  const runBudget = openBudget(work, limits);
  const maxSteps = limits?.maxSteps ?? MAX_STEPS_DEFAULT;
  let done = 0;
  let shownAt = Number.NEGATIVE_INFINITY;
  let unshown: SuperstepChange["state"];
  const attemptNow = () => (done === 0 ? held.attempt : 0);
  return {
    outerState: held.part?.state ?? {},
    makeContext: () =>
      makeContext(work, {
        ports,
        lost,
        budget: runBudget,
        pace: makePace(work, maxRpm),
        superstep: held.step + done,
        attempt: attemptNow(),
      }),
    commit: async ({ outcome, superstep, rows, state, consumed }) => {
      const progress = {
        elapsedMs: runner.now() - startedAt,
        supersteps: done + 1,
        attempt: attemptNow(),
        step: held.step + done,
        maxSteps,
      };
      const handsOver = isAnswered() || (isLimited(limits) && startsRuns(outcome));
      const settlement = settle(outcome, progress, handsOver ? USED_UP : runner.budget);
      done += 1;
      unshown = state ?? unshown;
      // The checkpoint has it too: while the run is in our hands, who looks at it does not need it more often than an eye can see.
      const shown =
        !settlement.keepLease || runner.now() - shownAt >= SHOW_STATE_EVERY_MS ? unshown : undefined;
      if (shown) [shownAt, unshown] = [runner.now(), undefined];
      const isOurs = await commit(work, {
        settlement,
        rows,
        state: shown,
        logs: superstep.logs,
        consumed,
        leaseMs: runner.leaseMs,
        response: superstep.response,
        raised: runBudget.takeRaised(),
        parentId: held.parentId,
      });
      return isOurs && settlement.keepLease;
    },
  };
}

/** Runs that spend of the same limits from now on: the next invocation keeps its budget where they see it. */
const startsRuns = (outcome: Outcome) =>
  outcome.kind === "progressed" && outcome.waits?.some(({ kind }) => kind === "child") === true;

/** Opens the budget of a run: its own, or the one it shares with child runs, ancestor runs, or the whole workspace for a monthly limit. */
function openBudget(
  { runner, ref, held }: Work,
  { onLimit = "fail", askTimeout, ...limits }: Partial<Limits> = {},
): RunBudget {
  const { epoch, parentId, hasMonthlyLimits, childWaits, usage, raised } = held;
  if (parentId === null && !hasMonthlyLimits && !(isLimited(limits) && childWaits > 0))
    return new OwnBudget(usedSoFar(usage), { ...limits, ...raised, onLimit, askTimeout });
  return shareBudget(ref.runId, {
    reserve: (ask) => runner.store.reserve(ref, epoch, ask),
    raise: (runId, more) => runner.store.raise({ ...ref, runId }, more),
  });
}

function usedSoFar({ children, ...own }: HeldRun["usage"]): Spending {
  const both = [own, ...(children ? [children] : [])];
  return {
    tokens: both.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    costUsd: sumUsd(...both.map(({ costUsd }) => costUsd)),
  };
}

/** Names are those of this definition, or of the part of it that the run executes: items of a map share them, other workflows do not. */
function makePace({ runner, ref, held }: Work, maxRpm: number | undefined): PacePort {
  const place = [held.versionId, held.part?.fragment].filter(Boolean).join(" ");
  return {
    limits: maxRpm === undefined ? [] : [{ name: "crew", perMinute: maxRpm }],
    take: (key, paces) =>
      runner.store.takeModelTurn(ref, {
        key,
        paces: paces.map(({ name, perMinute }) => ({ name: `${place} ${name}`, perMinute })),
      }),
  };
}

type Position = Pick<SuperstepContext, "ports" | "lost" | "budget" | "pace" | "superstep" | "attempt">;

function makeContext(
  { runner, ref, held }: Work,
  position: Position,
): ReturnType<InvocationPorts["makeContext"]> {
  const { superstep } = position;
  const { workflowId, versionId, version, depth, part, forkedFrom: origin } = held;
  return {
    ...position,
    run: { id: ref.runId, workflowId, versionId, version, depth, outerState: part?.state ?? {} },
    runId: ref.runId,
    leaseMs: runner.leaseMs,
    sideEffects: {
      begin: (sideEffect) => runner.store.beginSideEffect(ref, held.epoch, sideEffect),
      settle: (sideEffect) => runner.store.settleSideEffect(ref, held.epoch, sideEffect),
    },
    journaled: held.journal,
    journal: (key, kept) => runner.store.journal(ref, { key, superstep, ...kept }),
    reusable: origin === null ? undefined : (asked) => runner.store.reusable(ref, { origin, ...asked }),
    show: (chunk) => runner.live.show(ref, held.epoch, chunk),
    failed: (error, step) => runner.observe.stepFailed(ref, error, step),
  };
}

/** @returns whether the run is still ours, and not to be paused */
async function commit({ runner, ref, held }: Work, change: SuperstepChange): Promise<boolean> {
  const committed = await runner.store.commit(ref, held.epoch, change);
  if (!committed.committed) {
    await bookUnstored({ runner, ref, held }, change.logs);
    return false;
  }
  runner.observe.superstepCommitted(ref, change, held);
  runner.live.show(ref, held.epoch, { type: "committed", seq: committed.logSeq, status: committed.status });
  if (!committed.released) return true;
  const { wakes, priority, dueInMs, others } = committed.released;
  const { workspaceId } = ref;
  const events = await deliverEvents(runner, workspaceId, change);
  const own =
    needsWakeUp(change.settlement) && dueInMs !== null ? [{ ...ref, wakes, priority, delayMs: dueInMs }] : [];
  const owed = [...own, ...others.map((other) => Object.assign({ workspaceId }, other)), ...events];
  // A wake-up that cannot be sent is not an error: the row is owed one, and the sweeper sends it.
  if (owed.length > 0) await runner.wake(owed);
  return committed.status !== "paused";
}

/** A run that was cancelled has used what its last superstep has, though nothing else of that is stored. Where another holder has the run it asks, and pays, anew. */
async function bookUnstored({ runner, ref, held }: Work, logs: readonly LogEntry[]): Promise<void> {
  const used = logs.flatMap(({ input: _input, output: _output, error: _error, ...line }) =>
    line.model === undefined || line.reused ? [] : [{ ...line, status: "cancelled" as const }],
  );
  if (used.length > 0) await runner.store.bookCancelled(ref, held.epoch, used);
}

/** An event may have come just before the wait for it was stored: then this side sees both. */
async function deliverEvents(
  { store }: Runner,
  workspaceId: string,
  { settlement }: SuperstepChange,
): Promise<readonly WakeUp[]> {
  const keys = settlement.waits.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return keys.length === 0 ? [] : store.deliverEvents(workspaceId, [...new Set(keys)]);
}

function needsWakeUp(settlement: Settlement): boolean {
  return (
    !settlement.keepLease &&
    (settlement.status === "running" || settlement.status === "retrying" || settlement.status === "waiting")
  );
}

async function commitFailure(
  work: Work,
  error: Problem,
  status: "failed" | "timed_out" = "failed",
): Promise<void> {
  const progress = {
    elapsedMs: 0,
    supersteps: 0,
    attempt: work.held.attempt,
    step: work.held.step,
    maxSteps: MAX_STEPS_DEFAULT,
  };
  await commit(work, {
    settlement: settle({ kind: "failed", status, error }, progress, work.runner.budget),
    rows: { checkpoints: [], blobs: [], writes: [] },
    state: undefined,
    logs: [],
    consumed: [],
    leaseMs: 0,
    parentId: work.held.parentId,
  });
}
