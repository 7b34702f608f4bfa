import { apiRoute } from "#/app/api/doors.ts";
import { refusedRecurrence, unknownWorkflow } from "#/app/api/v1/schedules/check.ts";
import { createScheduleContract, listSchedulesContract } from "#/app/api/v1/schedules/contract.ts";
import { createSchedule, listSchedules } from "#/db/schedules.ts";
import { newId } from "#/lib/id.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listSchedulesContract, async ({ tenant, query }) => ok(await listSchedules(tenant, query)));

export const POST = apiRoute(createScheduleContract, async ({ tenant, body }) => {
  const refusal = refusedRecurrence(body);
  if (refusal) return refusal;
  const schedule = await createSchedule(tenant, { id: newId(), ...body });
  return schedule ? created(schedule) : unknownWorkflow;
});
