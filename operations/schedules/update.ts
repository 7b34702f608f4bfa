import {
  getSchedule,
  type Schedule,
  type ScheduleChange,
  updateSchedule as saveSchedule,
} from "#/db/schedules.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import {
  refusedRecurrence,
  refusedTarget,
  type ShownSchedule,
  showSchedule,
} from "#/operations/schedules/check.ts";
import type { updateScheduleContract } from "#/operations/schedules/contract.ts";

type Change = Input<typeof updateScheduleContract>;

/** Changes the given fields of a schedule. Refuses with `not-found`, and as `createSchedule` does for what would start no run. */
export async function updateSchedule(
  { tenant }: Caller,
  { id, ...change }: Change,
): Promise<ShownSchedule | Refusal> {
  const before = await getSchedule(tenant, id);
  if (!before) return notFound("schedule");
  const next = changedSchedule(before, change);
  // What is broken already can still be changed in other ways, and switched off.
  const target = next.enabled && ("input" in change || "enabled" in change) ? before.target : undefined;
  const refusal = refusedRecurrence(next) ?? refusedTarget(target, next.input);
  if (refusal) return refusal;
  const schedule = await saveSchedule(tenant, id, next);
  return schedule ? showSchedule(schedule) : notFound("schedule");
}

function changedSchedule(before: Schedule, change: Omit<Change, "id">): ScheduleChange {
  const {
    cron = before.cron,
    timezone = before.timezone,
    input = before.input,
    enabled = before.enabled,
    priority = before.priority,
  } = change;
  return { cron, timezone, input, enabled, priority };
}
