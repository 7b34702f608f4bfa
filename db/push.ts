import { sql } from "kysely";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import { notBy } from "#/db/approvals.ts";
import type { Database, System, Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";
import type { Role } from "#/lib/auth/permissions.ts";
import type { PushTarget } from "#/lib/push/send.ts";
import type { QuietHours } from "#/lib/quiet-hours.ts";

/** A browser of a person that is told when a question waits for them. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  /** Why the last message was not delivered; null where it was. */
  readonly problem: string | null;
}

/** A device, and whether it may be told something now. */
export interface Listener extends PushTarget {
  readonly id: string;
  readonly userId: string;
  readonly role: Role;
  /** In epoch milliseconds. */
  readonly since: number;
  /** In epoch milliseconds. */
  readonly deliveredAt: number | undefined;
  readonly quiet: QuietHours | undefined;
}

/** An open question, as those who are told of it need it. */
export interface OpenQuestion {
  readonly id: string;
  readonly title: string;
  readonly subject: ApprovalSubject;
  readonly workflowName: string | null;
  /** In epoch milliseconds. */
  readonly askedAt: number;
  /** The people who may not answer it. */
  readonly notBy: readonly string[] | null;
}

/** A device that was told of a question, or is to be told of it again. */
export interface Delivery {
  readonly subscriptionId: string;
  readonly approvalId: string;
  readonly tries: number;
  /** In epoch milliseconds; undefined when nothing is to be done any more. */
  readonly dueAt: number | undefined;
}

export interface ToTell {
  readonly slug: string;
  readonly listeners: readonly Listener[];
  readonly questions: readonly OpenQuestion[];
  readonly deliveries: readonly Delivery[];
}

const SHOWN = ["id", "device as name", "endpoint", "created_at", "delivered_at", "problem"] as const;

interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly created_at: Date;
  readonly delivered_at: Date | null;
  readonly problem: string | null;
}

const toDevice = ({ created_at: created, delivered_at: delivered, ...row }: DeviceRow): Device => ({
  ...row,
  createdAt: isoTime(created),
  deliveredAt: isoTime(delivered),
});

/** Reads the devices of a person, and when they want to hear nothing. */
export async function readNotifications(
  tenant: Tenant,
  userId: string,
): Promise<{ readonly devices: readonly Device[]; readonly quietHours: QuietHours | null }> {
  const [devices, quiet] = await tenant.batch((query) => [
    query
      .selectFrom("push_subscriptions")
      .select(SHOWN)
      .where("user_id", "=", userId)
      .orderBy("created_at")
      .orderBy("id"),
    query
      .selectFrom("quiet_hours")
      .select(["starts_at as from", "ends_at as to", "timezone as timeZone"])
      .where("user_id", "=", userId),
  ]);
  return { devices: devices.map(toDevice), quietHours: quiet[0] ?? null };
}

interface NewDevice extends PushTarget {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
}

/** Stores a device, or what its browser says anew of itself. Whoever has had the browser before hears nothing through it any more. */
export async function storeDevice(database: Database, tenant: Tenant, device: NewDevice): Promise<Device> {
  const { id, userId, name, endpoint, p256dh, auth } = device;
  await database.call("select app.hand_over_browser($1, $2)", [endpoint, userId]);
  const told = { p256dh, auth, device: name, problem: null };
  const [rows] = await tenant.batch((query) => [
    query
      .insertInto("push_subscriptions")
      .values({ workspace_id: tenant.workspaceId, id, user_id: userId, endpoint, ...told })
      .onConflict((conflict) => conflict.columns(["workspace_id", "endpoint"]).doUpdateSet(told))
      .returning(SHOWN),
  ]);
  const [row] = rows;
  if (!row) throw new Error("The device was not stored.");
  return toDevice(row);
}

export async function countDevices(tenant: Tenant, userId: string): Promise<number> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("push_subscriptions")
      .select(sql<number>`count(*)::int`.as("count"))
      .where("user_id", "=", userId),
  ]);
  return rows[0]?.count ?? 0;
}

/** Finds a device of a person, with what it takes to send to it. */
export async function findDevice(
  tenant: Tenant,
  userId: string,
  id: string,
): Promise<PushTarget | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("push_subscriptions")
      .select(["endpoint", "p256dh", "auth"])
      .where("id", "=", id)
      .where("user_id", "=", userId),
  ]);
  return rows[0];
}

/** Removes a device. @param userId its person; undefined removes it whosever it is @returns false when there is none */
export async function removeDevice(tenant: Tenant, id: string, userId?: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => {
    const device = query.deleteFrom("push_subscriptions").where("id", "=", id).returning("id");
    return [userId === undefined ? device : device.where("user_id", "=", userId)];
  });
  return rows.length > 0;
}

/** Notes how the last message to a device has ended. @param problem null where it was delivered */
export async function noteDelivery(tenant: Tenant, id: string, problem: string | null): Promise<void> {
  await tenant.batch((query) => [
    query
      .updateTable("push_subscriptions")
      .set({
        problem: problem?.slice(0, 400) ?? null,
        ...(problem === null && { delivered_at: sql<Date>`clock_timestamp()` }),
      })
      .where("id", "=", id),
  ]);
}

/** When a person wants to hear nothing from now on, and what that takes the place of; null means never. */
export interface QuietHoursChange {
  readonly quiet: QuietHours | null;
  /** Absent: whatever is stored. */
  readonly replaces?: QuietHours | null;
}

/** Stores when a person wants to hear nothing, unless other hours are stored than those that it replaces. */
export async function storeQuietHours(
  tenant: Tenant,
  userId: string,
  { quiet, replaces }: QuietHoursChange,
): Promise<void> {
  if (quiet === null && replaces === null) return;
  const replaced = { user_id: userId, ...(replaces && toRow(replaces)) };
  await tenant.batch((query) => {
    if (quiet === null) return [query.deleteFrom("quiet_hours").where((eb) => eb.and(replaced))];
    const hours = toRow(quiet);
    if (replaces)
      return [
        query
          .updateTable("quiet_hours")
          .set(hours)
          .where((eb) => eb.and(replaced)),
      ];
    return [
      query
        .insertInto("quiet_hours")
        .values({ workspace_id: tenant.workspaceId, user_id: userId, ...hours })
        .onConflict((conflict) => {
          const theirs = conflict.columns(["workspace_id", "user_id"]);
          return replaces === null ? theirs.doNothing() : theirs.doUpdateSet(hours);
        }),
    ];
  });
}

const toRow = ({ from, to, timeZone }: QuietHours) => ({ starts_at: from, ends_at: to, timezone: timeZone });

/** Of a workspace, the newest; older questions were told long ago, or wait in the inbox. */
const MOST_QUESTIONS = 200;

/** Reads who may have to be told of what, in one round trip. */
export async function readToTell(tenant: Tenant): Promise<ToTell> {
  const [workspaces, listeners, questions, deliveries] = await tenant.batch((query) => [
    query.selectFrom("workspaces").select("slug"),
    query
      .selectFrom("push_subscriptions as s")
      .innerJoin("members as m", "m.user_id", "s.user_id")
      .leftJoin("quiet_hours as q", "q.user_id", "s.user_id")
      .select(["s.id", "s.user_id as userId", "m.role", "s.endpoint", "s.p256dh", "s.auth"])
      .select(["s.created_at", "s.delivered_at", "q.starts_at", "q.ends_at", "q.timezone"]),
    query
      .selectFrom("approvals as a")
      .innerJoin("agent_sessions as r", "r.id", "a.run_id")
      .leftJoin("workflows as w", "w.id", "r.workflow_id")
      .select(["a.id", "a.title", "a.subject", "w.name as workflowName", "a.requested_at", notBy])
      .where("a.status", "=", "open")
      .where("a.requested_at", ">", sql<Date>`now() - interval '1 day'`)
      // Most workspaces have no device, and need not look further.
      .where((eb) => eb.exists(query.selectFrom("push_subscriptions").select("push_subscriptions.id")))
      .orderBy("a.requested_at", "desc")
      .limit(MOST_QUESTIONS),
    query
      .selectFrom("push_deliveries as d")
      .innerJoin("approvals as a", "a.id", "d.approval_id")
      .select(["d.subscription_id", "d.approval_id", "d.tries", "d.due_at"])
      .where("a.status", "=", "open")
      .where("a.requested_at", ">", sql<Date>`now() - interval '1 day'`),
  ]);
  return {
    slug: workspaces[0]?.slug ?? "",
    listeners: listeners.map(toListener),
    questions: questions.map((row) => ({
      id: row.id,
      title: row.title,
      subject: row.subject,
      workflowName: row.workflowName,
      askedAt: row.requested_at.getTime(),
      notBy: row.notBy,
    })),
    deliveries: deliveries.map((row) => ({
      subscriptionId: row.subscription_id,
      approvalId: row.approval_id,
      tries: row.tries,
      dueAt: row.due_at?.getTime(),
    })),
  };
}

interface ListenerRow extends PushTarget {
  readonly id: string;
  readonly userId: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly delivered_at: Date | null;
  readonly starts_at: number | null;
  readonly ends_at: number | null;
  readonly timezone: string | null;
}

function toListener(row: ListenerRow): Listener {
  const { id, userId, role, endpoint, p256dh, auth, starts_at: from, ends_at: to, timezone } = row;
  const isSet = from !== null && to !== null && timezone !== null;
  return {
    id,
    userId,
    role,
    endpoint,
    p256dh,
    auth,
    since: row.created_at.getTime(),
    deliveredAt: row.delivered_at?.getTime(),
    quiet: isSet ? { from, to, timeZone: timezone } : undefined,
  };
}

/**
 * Takes the telling of questions to a device: of several who want to at the same moment each question is one's. Stored before anything is sent, so that it is
 * sent once, or, where the process dies in between, not at all.
 * @returns the questions that are the caller's to tell
 */
export async function takeDeliveries(
  tenant: Tenant,
  subscriptionId: string,
  approvalIds: readonly string[],
): Promise<readonly string[]> {
  const rows = approvalIds.map((id) => ({
    workspace_id: tenant.workspaceId,
    subscription_id: subscriptionId,
    approval_id: id,
  }));
  const [taken] = await tenant.batch((query) => [
    query
      .insertInto("push_deliveries")
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(["workspace_id", "subscription_id", "approval_id"])
          .doUpdateSet((eb) => ({ due_at: null, tries: eb("push_deliveries.tries", "+", 1) }))
          .where("push_deliveries.due_at", "<=", sql<Date>`clock_timestamp()`),
      )
      .returning("approval_id"),
  ]);
  return taken.map((row) => row.approval_id);
}

/** Has a device told of questions again, when the push service could not take the message now. */
export async function tellAgain(
  tenant: Tenant,
  subscriptionId: string,
  { approvalIds, afterMs }: { readonly approvalIds: readonly string[]; readonly afterMs: number },
): Promise<void> {
  await tenant.batch((query) => [
    query
      .updateTable("push_deliveries")
      .set({ due_at: sql<Date>`clock_timestamp() + ${afterMs} * interval '1 millisecond'` })
      .where("subscription_id", "=", subscriptionId)
      .where("approval_id", "in", [...approvalIds]),
  ]);
}

/** Finds workspaces in which somebody may have to be told something. */
export function findWorkspacesToTell(system: System, limit: number): Promise<readonly string[]> {
  return system.transaction(async (trx) => {
    const { rows } = await sql<{
      workspace_id: string;
    }>`select workspace_id from app.workspaces_to_tell(${limit})`.execute(trx);
    return rows.map((row) => row.workspace_id);
  });
}
