import type { Page } from "#/db/page.ts";
import { listSchedules as readSchedules } from "#/db/schedules.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import { type ShownSchedule, showSchedule } from "#/operations/schedules/check.ts";
import type { listSchedulesContract } from "#/operations/schedules/contract.ts";

/** Lists schedules, newest first, each with the problems that keep it from starting runs. */
export async function listSchedules(
  { tenant }: Caller,
  filter: Input<typeof listSchedulesContract>,
): Promise<Page<ShownSchedule>> {
  const page = await readSchedules(tenant, filter);
  return { ...page, items: page.items.map(showSchedule) };
}
