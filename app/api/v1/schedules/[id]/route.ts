import { apiRoute } from "#/app/api/doors.ts";
import { refusedRecurrence } from "#/app/api/v1/schedules/check.ts";
import { deleteScheduleContract, getScheduleContract, updateScheduleContract } from "#/app/api/v1/schedules/contract.ts";
import { deleteSchedule, getSchedule, updateSchedule } from "#/db/schedules.ts";
import { notFound } from "#/lib/http/problem.ts";
import { done, ok } from "#/lib/http/reply.ts";

const noSuchSchedule = notFound("schedule");

export const GET = apiRoute(getScheduleContract, async ({ tenant, params }) => {
  const schedule = await getSchedule(tenant, params.id);
  return schedule ? ok(schedule) : noSuchSchedule;
});

export const PATCH = apiRoute(updateScheduleContract, async ({ tenant, params, body }) => {
  const before = await getSchedule(tenant, params.id);
  if (!before) return noSuchSchedule;
  const { cron = before.cron, timezone = before.timezone, input = before.input, enabled = before.enabled, priority = before.priority } = body;
  const refusal = refusedRecurrence({ cron, timezone });
  if (refusal) return refusal;
  const schedule = await updateSchedule(tenant, params.id, { cron, timezone, input, enabled, priority });
  return schedule ? ok(schedule) : noSuchSchedule;
});

export const DELETE = apiRoute(deleteScheduleContract, async ({ tenant, params }) =>
  (await deleteSchedule(tenant, params.id)) ? done : noSuchSchedule,
);
