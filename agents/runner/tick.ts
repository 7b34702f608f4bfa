import type { Wake, WakeUp } from "#/agents/runner/runner-ports.ts";

/** A schedule whose time has come. */
interface DueSchedule {
  readonly workspaceId: string;
  readonly scheduleId: string;
}

export interface TickPorts {
  readonly dueSchedules: (limit: number) => Promise<readonly DueSchedule[]>;
  /** Moves the schedule to its next time and starts the run of this one, once. @returns false when another tick was faster. */
  readonly fire: (due: DueSchedule) => Promise<boolean>;
  /** Brings events and waits together that have missed each other. @returns the wake-ups that are owed */
  readonly missedEvents: (limit: number) => Promise<readonly WakeUp[]>;
  /** Tells runs what was decided about the budget they wait for, where whoever decided could not, or nobody did in time. @returns the wake-ups that are owed */
  readonly missedBudgets: (limit: number) => Promise<readonly WakeUp[]>;
  readonly sweep: (graceMs: number, limit: number) => Promise<readonly WakeUp[]>;
  readonly wake: Wake;
  /** Tells servers of tasks whose runs have ended. */
  readonly endRemoteTasks: () => Promise<void>;
  /** Tells devices of questions that wait for their people. */
  readonly tellPeople: () => Promise<void>;
  /** Keeps the storage in order; does something once a day. */
  readonly upkeep: () => Promise<void>;
  readonly report: (error: unknown, due: DueSchedule) => void;
}

export interface TickReport {
  readonly fired: number;
  readonly swept: number;
}

/** A wake-up is normally claimed within a second; one that is owed for longer than this was lost. */
const GRACE_MS = 20_000;
/** Bounded, so that one tick ends well within the life of a function; what is left is due at the next one. */
const SCHEDULES_A_TICK = 200;
const EVENTS_A_TICK = 200;
const BUDGETS_A_TICK = 200;
const RUNS_A_SWEEP = 500;

/** Fires what is due and wakes what is owed. Idempotent: several ticks at once do the work of one. */
export async function tick(ports: TickPorts, graceMs = GRACE_MS): Promise<TickReport> {
  let fired = 0;
  for (const due of await ports.dueSchedules(SCHEDULES_A_TICK)) {
    // One schedule that cannot fire must not stop the others.
    const done = await ports.fire(due).catch((error: unknown) => {
      ports.report(error, due);
      return false;
    });
    if (done) fired += 1;
  }
  const told = [...(await ports.missedEvents(EVENTS_A_TICK)), ...(await ports.missedBudgets(BUDGETS_A_TICK))];
  const owed = await ports.sweep(graceMs, RUNS_A_SWEEP);
  if (told.length + owed.length > 0) await ports.wake([...told, ...owed]);
  await Promise.all([ports.upkeep(), ports.endRemoteTasks(), ports.tellPeople()]);
  return { fired, swept: owed.length };
}
