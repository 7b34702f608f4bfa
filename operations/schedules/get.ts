import { getSchedule as readSchedule } from "#/db/schedules.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { type ShownSchedule, showSchedule } from "#/operations/schedules/check.ts";
import type { getScheduleContract } from "#/operations/schedules/contract.ts";

/** Returns one schedule with the problems that keep it from starting runs. Refuses with `not-found`. */
export async function getSchedule(
  { tenant }: Caller,
  { id }: Input<typeof getScheduleContract>,
): Promise<ShownSchedule | Refusal> {
  const schedule = await readSchedule(tenant, id);
  return schedule ? showSchedule(schedule) : notFound("schedule");
}
