import "server-only";
import { tick as runTick, type TickReport } from "#/agents/runner/tick.ts";
import { database, type System } from "#/db/client.ts";
import { deliverEvents } from "#/db/engine.ts";
import { missedEvents } from "#/db/events.ts";
import { tellMissedBudgets } from "#/db/decisions.ts";
import { sweepRuns } from "#/db/run-lifecycle.ts";
import { dueSchedules } from "#/db/schedules.ts";
import { keepStorage } from "#/db/upkeep.ts";
import { log } from "#/lib/observe/log.ts";
import { metrics } from "#/lib/observe/metrics.ts";
import { endRemoteTasks } from "#/operations/mcp-servers/end-tasks.ts";
import { traceEnd } from "#/operations/execution/trace-end.ts";
import { wake } from "#/operations/execution/wake.ts";
import { tellEverybody } from "#/operations/notifications/tell.ts";
import { fireSchedule } from "#/operations/schedules/fire.ts";

/** Fires due schedules and wakes runs that are owed a wake-up. Idempotent; see agents/runner/tick.ts. */
export async function tick(graceMs?: number): Promise<TickReport> {
  const { system, tenant } = database();
  const report = await runTick(
    {
      dueSchedules: (limit) => dueSchedules(system, limit),
      fire: ({ workspaceId, scheduleId }) => fireSchedule(tenant({ workspaceId }), scheduleId),
      missedEvents: async (limit) => {
        const keys = await missedEvents(system, limit);
        return (
          await Promise.all(keys.map(({ workspaceId, key }) => deliverEvents(database(), workspaceId, [key])))
        ).flat();
      },
      missedBudgets: (limit) => tellMissedBudgets(database(), limit, traceEnd),
      sweep: (grace, limit) => sweepRuns(system, grace, limit),
      wake,
      endRemoteTasks: () => endTasks(),
      tellPeople: tellEverybody,
      upkeep: () => upkeep(system),
      report: (error, due) =>
        log.error({ err: error, ...due }, "A schedule could not fire; it is tried again at the next tick."),
    },
    graceMs,
  );
  metrics().mark("cairn_tick_timestamp_seconds", Math.round(Date.now() / 1_000));
  await metrics().flush();
  return report;
}

/** Servers that cannot be told now are told by a later tick. */
async function endTasks(): Promise<void> {
  try {
    await endRemoteTasks(database());
  } catch (error) {
    log.error({ err: error }, "Tasks of runs that have ended could not be looked for.");
  }
}

/** Does the upkeep. Work that fails is left to a later tick: it must not keep this one from waking runs. */
async function upkeep(system: System): Promise<void> {
  try {
    const done = await keepStorage(system);
    if (done) log.info({ ...done }, "Storage is in order for today.");
  } catch (error) {
    log.error({ err: error }, "Storage could not be kept in order; it is tried again at the next tick.");
  }
}
