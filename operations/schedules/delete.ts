import { deleteSchedule as removeSchedule } from "#/db/schedules.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { deleteScheduleContract } from "#/operations/schedules/contract.ts";

/** Deletes a schedule. Runs that it has started continue. Refuses with `not-found`. */
export async function deleteSchedule(
  { tenant }: Caller,
  { id }: Input<typeof deleteScheduleContract>,
): Promise<Refusal | undefined> {
  return (await removeSchedule(tenant, id)) ? undefined : notFound("schedule");
}
