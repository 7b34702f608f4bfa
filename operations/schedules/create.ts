import { createSchedule as insertSchedule, readScheduleTarget } from "#/db/schedules.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import {
  refusedRecurrence,
  refusedTarget,
  type ShownSchedule,
  showSchedule,
  unknownWorkflow,
} from "#/operations/schedules/check.ts";
import type { createScheduleContract } from "#/operations/schedules/contract.ts";

type NewSchedule = Input<typeof createScheduleContract> & { readonly id: string };

/**
 * Creates a schedule under `id`; the same id again creates nothing. Refuses with `invalid-request` for an unknown workflow or a recurrence that
 * cannot be, and, when the schedule is enabled, with `not-published` or `invalid-input` when it could start no run.
 */
export async function createSchedule(
  { tenant }: Caller,
  schedule: NewSchedule,
): Promise<ShownSchedule | Refusal> {
  const target = await readScheduleTarget(tenant, schedule.workflowId);
  if (!target) return unknownWorkflow;
  const refusal =
    refusedRecurrence(schedule) ?? refusedTarget(schedule.enabled ? target : undefined, schedule.input);
  if (refusal) return refusal;
  const created = await insertSchedule(tenant, schedule);
  return created ? showSchedule(created) : unknownWorkflow;
}
