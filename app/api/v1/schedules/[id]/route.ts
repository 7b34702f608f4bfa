import { apiRoute } from "#/app/api/doors.ts";
import { refusedRecurrence, refusedTarget, showSchedule } from "#/app/api/v1/schedules/check.ts";
import {
  deleteScheduleContract,
  getScheduleContract,
  type UpdateSchedule,
  updateScheduleContract,
} from "#/operations/schedules/contract.ts";
import {
  deleteSchedule,
  getSchedule,
  type Schedule,
  type ScheduleChange,
  updateSchedule,
} from "#/db/schedules.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { done, ok } from "#/lib/http/reply.ts";

const noSuchSchedule = notFound("schedule");

export const GET = apiRoute(getScheduleContract, async ({ tenant, params }) => {
  const schedule = await getSchedule(tenant, params.id);
  return schedule ? ok(showSchedule(schedule)) : noSuchSchedule;
});

export const PATCH = apiRoute(updateScheduleContract, async ({ tenant, params, body }) => {
  const before = await getSchedule(tenant, params.id);
  if (!before) return noSuchSchedule;
  const next = changedSchedule(before, body);
  // What is broken already can still be changed in other ways, and switched off.
  const target = next.enabled && ("input" in body || "enabled" in body) ? before.target : undefined;
  const refusal = refusedRecurrence(next) ?? refusedTarget(target, next.input);
  if (refusal) return refusal;
  const schedule = await updateSchedule(tenant, params.id, next);
  return schedule ? ok(showSchedule(schedule)) : noSuchSchedule;
});

function changedSchedule(before: Schedule, change: UpdateSchedule): ScheduleChange {
  const {
    cron = before.cron,
    timezone = before.timezone,
    input = before.input,
    enabled = before.enabled,
    priority = before.priority,
  } = change;
  return { cron, timezone, input, enabled, priority };
}

export const DELETE = apiRoute(deleteScheduleContract, async ({ tenant, params }) =>
  (await deleteSchedule(tenant, params.id)) ? done : noSuchSchedule,
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
