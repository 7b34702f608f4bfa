import { apiRoute } from "#/app/api/doors.ts";
import {
  refusedRecurrence,
  refusedTarget,
  showSchedule,
  unknownWorkflow,
} from "#/app/api/v1/schedules/check.ts";
import { createScheduleContract, listSchedulesContract } from "#/operations/schedules/contract.ts";
import { createSchedule, listSchedules, readScheduleTarget } from "#/db/schedules.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listSchedulesContract, async ({ tenant, query }) => {
  const page = await listSchedules(tenant, query);
  return ok({ ...page, items: page.items.map(showSchedule) });
});

export const POST = apiRoute(createScheduleContract, async ({ tenant, body, newId: id }) => {
  const target = await readScheduleTarget(tenant, body.workflowId);
  if (!target) return unknownWorkflow;
  const refusal = refusedRecurrence(body) ?? refusedTarget(body.enabled ? target : undefined, body.input);
  if (refusal) return refusal;
  const schedule = await createSchedule(tenant, { id, ...body });
  return schedule ? created(showSchedule(schedule)) : unknownWorkflow;
});

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
