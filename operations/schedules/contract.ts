import * as v from "valibot";
import { Priority } from "#/operations/runs/contract.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, JsonObject, pageOf, PageQuery, Problem, Timestamp } from "#/lib/http/wire.ts";

export const Schedule = v.object({
  id: Id,
  workflowId: Id,
  workflowName: v.string(),
  cron: v.string(),
  timezone: v.string(),
  input: JsonObject,
  enabled: v.boolean(),
  /** Of the runs that it starts. */
  priority: Priority,
  nextFireAt: Timestamp,
  lastFireAt: v.nullable(Timestamp),
  createdAt: Timestamp,
  /** Why its next run would fail: an input that does not fit the published version, by its path, or no such version. Empty when it can start. */
  problems: v.array(Problem),
});
export type Schedule = v.InferOutput<typeof Schedule>;

const Cron = v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(200));
const TimeZone = v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(60));

export const CreateSchedule = v.strictObject({
  workflowId: Id,
  cron: Cron,
  timezone: v.optional(TimeZone, "UTC"),
  input: v.optional(JsonObject, {}),
  enabled: v.optional(v.boolean(), true),
  priority: v.optional(Priority, "normal"),
});
export type CreateSchedule = v.InferInput<typeof CreateSchedule>;

export const UpdateSchedule = v.strictObject({
  cron: v.optional(Cron),
  timezone: v.optional(TimeZone),
  input: v.optional(JsonObject),
  enabled: v.optional(v.boolean()),
  priority: v.optional(Priority),
});
export type UpdateSchedule = v.InferInput<typeof UpdateSchedule>;

export const listSchedulesContract = defineContract({
  method: "GET",
  path: "/api/v1/schedules",
  summary: "List schedules, newest first.",
  access: "triggers:read",
  query: v.object({ ...PageQuery, workflow: v.optional(Id) }),
  responses: { 200: { description: "A page of schedules.", body: pageOf(Schedule) } },
});

export const createScheduleContract = defineContract({
  method: "POST",
  path: "/api/v1/schedules",
  summary:
    "Start a workflow at the times of a cron expression in an IANA time zone. The input is checked against the published version.",
  access: "triggers:write",
  idempotent: true,
  body: CreateSchedule,
  audit: "schedule.created",
  responses: { 201: { description: "The new schedule.", body: Schedule } },
});

export const getScheduleContract = defineContract({
  method: "GET",
  path: "/api/v1/schedules/{id}",
  summary: "Read a schedule.",
  access: "triggers:read",
  params: IdParams,
  responses: { 200: { description: "The schedule.", body: Schedule } },
});

export const updateScheduleContract = defineContract({
  method: "PATCH",
  path: "/api/v1/schedules/{id}",
  summary: "Change a schedule, or switch it on and off.",
  access: "triggers:write",
  params: IdParams,
  body: UpdateSchedule,
  audit: "schedule.changed",
  responses: { 200: { description: "The schedule.", body: Schedule } },
});

export const deleteScheduleContract = defineContract({
  method: "DELETE",
  path: "/api/v1/schedules/{id}",
  summary: "Delete a schedule.",
  access: "triggers:write",
  params: IdParams,
  audit: "schedule.deleted",
  responses: { 204: { description: "Deleted." } },
});
