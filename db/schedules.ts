import { sql } from "kysely";
import type { Priority } from "#/agents/vocabulary/run.ts";
import type { QueryBuilder, System, Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import { json } from "#/db/tables.ts";
import { nextFire } from "#/lib/cron.ts";
import type { JsonObject } from "#/lib/json-object.ts";

export interface Schedule {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly cron: string;
  readonly timezone: string;
  readonly input: JsonObject;
  readonly enabled: boolean;
  /** Of the runs that it starts. */
  readonly priority: Priority;
  readonly nextFireAt: string;
  readonly lastFireAt: string | null;
  readonly createdAt: string;
  readonly target: ScheduleTarget;
}

/** The published version that a schedule would start. */
export interface ScheduleTarget {
  readonly isPublished: boolean;
  readonly inputSchema: JsonObject | null;
}

/** Reads what schedules of this workflow start; undefined when there is no such workflow. */
export async function readScheduleTarget(
  tenant: Tenant,
  workflowId: string,
): Promise<ScheduleTarget | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("workflows as w")
      .leftJoin("workflow_versions as v", (join) =>
        join.onRef("v.workflow_id", "=", "w.id").onRef("v.version", "=", "w.published_version"),
      )
      .select(["w.published_version", sql<JsonObject | null>`v.definition -> 'input'`.as("input_schema")])
      .where("w.id", "=", workflowId)
      .where("w.archived_at", "is", null),
  ]);
  return rows[0] && { isPublished: rows[0].published_version !== null, inputSchema: rows[0].input_schema };
}

/** Schedules, newest first. */
export async function listSchedules(
  tenant: Tenant,
  page: PageRequest & { readonly workflow?: string | undefined },
): Promise<Page<Schedule>> {
  const { limit, cursor, workflow } = page;
  const [rows] = await tenant.batch((query) => [
    schedules(query)
      .where((eb) =>
        eb.and([
          ...given(workflow, (it) => eb("s.workflow_id", "=", it)),
          ...given(cursor, (it) => isOlder({ moment: "s.created_at", id: "s.id" }, it)),
        ]),
      )
      .orderBy("s.created_at", "desc")
      .orderBy("s.id", "desc")
      .limit(limit + 1),
  ]);
  return toPage(rows, limit, toSchedule);
}

export async function getSchedule(tenant: Tenant, id: string): Promise<Schedule | undefined> {
  const [rows] = await tenant.batch((query) => [schedules(query).where("s.id", "=", id)]);
  return rows[0] && toSchedule(rows[0]);
}

export interface NewSchedule {
  readonly id: string;
  readonly workflowId: string;
  readonly cron: string;
  readonly timezone: string;
  readonly input: JsonObject;
  readonly enabled: boolean;
  readonly priority: Priority;
}

/** Stores a schedule whose recurrence has no problem. @returns undefined when there is no such workflow */
export async function createSchedule(tenant: Tenant, schedule: NewSchedule): Promise<Schedule | undefined> {
  const next = nextFire(schedule, new Date());
  const [, rows] = await tenant.batch((query) => [
    query
      .insertInto("schedules")
      .columns([
        "workspace_id",
        "id",
        "workflow_id",
        "cron",
        "timezone",
        "input",
        "enabled",
        "priority",
        "next_fire_at",
        "created_by",
      ])
      .expression(
        query
          .selectFrom("workflows as w")
          .select(["w.workspace_id", sql<string>`${schedule.id}::uuid`.as("id"), "w.id as workflow_id"])
          .select([
            sql<string>`${schedule.cron}::text`.as("cron"),
            sql<string>`${schedule.timezone}::text`.as("timezone"),
          ])
          .select([
            sql<string>`${json(schedule.input)}::jsonb`.as("input"),
            sql<boolean>`${schedule.enabled}::boolean`.as("enabled"),
            sql<Priority>`${schedule.priority}::text`.as("priority"),
          ])
          .select([
            sql<Date>`${next.toISOString()}::timestamptz`.as("next_fire_at"),
            sql<string | null>`${tenant.userId ?? null}::uuid`.as("created_by"),
          ])
          .where("w.id", "=", schedule.workflowId)
          .where("w.archived_at", "is", null),
      )
      .onConflict((conflict) => conflict.doNothing()),
    schedules(query).where("s.id", "=", schedule.id),
  ]);
  return rows[0] && toSchedule(rows[0]);
}

export interface ScheduleChange {
  readonly cron: string;
  readonly timezone: string;
  readonly input: JsonObject;
  readonly enabled: boolean;
  readonly priority: Priority;
}

/** Replaces what a schedule does; its next time is worked out anew from now. */
export async function updateSchedule(
  tenant: Tenant,
  id: string,
  change: ScheduleChange,
): Promise<Schedule | undefined> {
  const [, rows] = await tenant.batch((query) => [
    query
      .updateTable("schedules")
      .set({
        cron: change.cron,
        timezone: change.timezone,
        input: json(change.input),
        enabled: change.enabled,
        priority: change.priority,
        next_fire_at: nextFire(change, new Date()),
      })
      .where("id", "=", id),
    schedules(query).where("s.id", "=", id),
  ]);
  return rows[0] && toSchedule(rows[0]);
}

/** @returns whether there was such a schedule */
export async function deleteSchedule(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query.deleteFrom("schedules").where("id", "=", id).returning("id"),
  ]);
  return rows.length > 0;
}

export interface DueSchedule {
  readonly workspaceId: string;
  readonly scheduleId: string;
}

/** Schedules of all workspaces whose time has come, the longest overdue first. */
export function dueSchedules(system: System, limit: number): Promise<readonly DueSchedule[]> {
  return system.transaction((trx) =>
    trx
      .selectFrom("schedules")
      .select(["workspace_id as workspaceId", "id as scheduleId"])
      .where("enabled", "=", true)
      .where("next_fire_at", "<=", sql<Date>`now()`)
      .orderBy("next_fire_at")
      .limit(limit)
      .execute(),
  );
}

export interface Fire {
  readonly scheduleId: string;
  readonly workflowId: string;
  readonly input: JsonObject;
  readonly priority: Priority;
  /** The time that has come. It may be long past: times missed in between do not fire. */
  readonly fireAt: Date;
  /** The same for the same schedule and time, so that one fire time starts one run. */
  readonly idempotencyKey: string;
}

/** Reads what a due schedule starts; undefined when it is not due any more. Start the run first, then `claimFire`: a crash in between repeats, it does not lose. */
export async function readFire(tenant: Tenant, scheduleId: string): Promise<Fire | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("schedules")
      .select(["workflow_id", "input", "priority", "next_fire_at"])
      .where("id", "=", scheduleId)
      .where("enabled", "=", true)
      .where("next_fire_at", "<=", sql<Date>`now()`),
  ]);
  const row = rows[0];
  if (!row) return undefined;
  const { workflow_id: workflowId, input, priority, next_fire_at: fireAt } = row;
  return {
    scheduleId,
    workflowId,
    input,
    priority,
    fireAt,
    idempotencyKey: `schedule-${scheduleId}-${fireAt.toISOString()}`,
  };
}

/** Moves a schedule on from a fire time to the next one after now. @returns false when another tick was faster */
export async function claimFire(tenant: Tenant, scheduleId: string, fireAt: Date): Promise<boolean> {
  const schedule = await getSchedule(tenant, scheduleId);
  if (!schedule) return false;
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("schedules")
      .set({ last_fire_at: fireAt, next_fire_at: nextFire(schedule, new Date()) })
      .where("id", "=", scheduleId)
      .where("next_fire_at", "=", fireAt)
      .returning("id"),
  ]);
  return rows.length > 0;
}

function schedules(query: QueryBuilder) {
  return query
    .selectFrom("schedules as s")
    .innerJoin("workflows as w", "w.id", "s.workflow_id")
    .leftJoin("workflow_versions as v", (join) =>
      join.onRef("v.workflow_id", "=", "w.id").onRef("v.version", "=", "w.published_version"),
    )
    .selectAll("s")
    .select([
      "w.name as workflow_name",
      "w.published_version",
      sql<JsonObject | null>`v.definition -> 'input'`.as("input_schema"),
      momentKey("s.created_at").as("cursorKey"),
    ]);
}

function toSchedule(row: Awaited<ReturnType<ReturnType<typeof schedules>["execute"]>>[number]): Schedule {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    cron: row.cron,
    timezone: row.timezone,
    input: row.input,
    enabled: row.enabled,
    priority: row.priority,
    nextFireAt: isoTime(row.next_fire_at),
    lastFireAt: isoTime(row.last_fire_at),
    createdAt: isoTime(row.created_at),
    target: { isPublished: row.published_version !== null, inputSchema: row.input_schema },
  };
}
