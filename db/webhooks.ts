import { sql } from "kysely";
import * as v from "valibot";
import type { Priority } from "#/agents/vocabulary/run.ts";
import type { Database, QueryBuilder, Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";

export interface Webhook {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Of the runs that it starts. */
  readonly priority: Priority;
  readonly tokenHint: string;
  readonly lastDeliveryAt: string | null;
  readonly createdAt: string;
}

/** Webhooks, newest first. */
export async function listWebhooks(
  tenant: Tenant,
  page: PageRequest & { readonly workflow?: string | undefined },
): Promise<Page<Webhook>> {
  const { limit, cursor, workflow } = page;
  const [rows] = await tenant.batch((query) => [
    webhooks(query)
      .where((eb) =>
        eb.and([
          ...given(workflow, (it) => eb("h.workflow_id", "=", it)),
          ...given(cursor, (it) => isOlder({ moment: "h.created_at", id: "h.id" }, it)),
        ]),
      )
      .orderBy("h.created_at", "desc")
      .orderBy("h.id", "desc")
      .limit(limit + 1),
  ]);
  return toPage(rows, limit, toWebhook);
}

export async function getWebhook(tenant: Tenant, id: string): Promise<Webhook | undefined> {
  const [rows] = await tenant.batch((query) => [webhooks(query).where("h.id", "=", id)]);
  return rows[0] && toWebhook(rows[0]);
}

export interface NewWebhook {
  readonly id: string;
  readonly workflowId: string;
  readonly name: string;
  readonly priority: Priority;
  readonly tokenHash: string;
  readonly tokenHint: string;
  readonly tokenSealed: string;
  readonly secretSealed: string;
}

const text = (value: string) => sql<string>`${value}::text`;

/** @returns undefined when there is no such workflow */
export async function createWebhook(tenant: Tenant, webhook: NewWebhook): Promise<Webhook | undefined> {
  const [, rows] = await tenant.batch((query) => [
    query
      .insertInto("webhooks")
      .columns([
        "workspace_id",
        "id",
        "workflow_id",
        "name",
        "priority",
        "token_hash",
        "token_hint",
        "token_sealed",
        "secret_sealed",
        "created_by",
      ])
      .expression(
        query
          .selectFrom("workflows as w")
          .select([
            "w.workspace_id",
            sql<string>`${webhook.id}::uuid`.as("id"),
            "w.id as workflow_id",
            text(webhook.name).as("name"),
          ])
          .select(sql<Priority>`${webhook.priority}::text`.as("priority"))
          .select([
            text(webhook.tokenHash).as("token_hash"),
            text(webhook.tokenHint).as("token_hint"),
            text(webhook.tokenSealed).as("token_sealed"),
          ])
          .select([
            text(webhook.secretSealed).as("secret_sealed"),
            sql<string | null>`${tenant.userId ?? null}::uuid`.as("created_by"),
          ])
          .where("w.id", "=", webhook.workflowId)
          .where("w.archived_at", "is", null),
      )
      .onConflict((conflict) => conflict.doNothing()),
    webhooks(query).where("h.id", "=", webhook.id),
  ]);
  return rows[0] && toWebhook(rows[0]);
}

export interface WebhookChange {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly priority?: Priority | undefined;
}

/** Changes what is given. */
export async function updateWebhook(
  tenant: Tenant,
  id: string,
  { name, enabled, priority }: WebhookChange,
): Promise<Webhook | undefined> {
  const [, rows] = await tenant.batch((query) => [
    query
      .updateTable("webhooks")
      .set((eb) => ({
        name: name ?? eb.ref("name"),
        enabled: enabled ?? eb.ref("enabled"),
        priority: priority ?? eb.ref("priority"),
      }))
      .where("id", "=", id),
    webhooks(query).where("h.id", "=", id),
  ]);
  return rows[0] && toWebhook(rows[0]);
}

/** @returns whether there was such a webhook */
export async function deleteWebhook(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query.deleteFrom("webhooks").where("id", "=", id).returning("id"),
  ]);
  return rows.length > 0;
}

export interface SealedWebhook {
  readonly tokenSealed: string;
  readonly secretSealed: string;
}

export async function readSealedWebhook(tenant: Tenant, id: string): Promise<SealedWebhook | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("webhooks")
      .select(["token_sealed as tokenSealed", "secret_sealed as secretSealed"])
      .where("id", "=", id),
  ]);
  return rows[0];
}

const Hook = v.nullable(
  v.object({ id: v.string(), workspaceId: v.string(), workflowId: v.string(), secretSealed: v.string() }),
);

/** With which priority a webhook starts its runs. */
export async function webhookPriority(tenant: Tenant, id: string): Promise<Priority | undefined> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("webhooks").select("priority").where("id", "=", id),
  ]);
  return rows[0]?.priority;
}

/** The enabled webhook of an address, in whichever workspace. */
export async function findWebhook(database: Database, tokenHash: string) {
  const [row] = await database.call("select app.identify_webhook($1) as hook", [tokenHash]);
  return v.parse(Hook, row?.["hook"] ?? null) ?? undefined;
}

export interface Delivery {
  readonly id: string;
  readonly messageId: string;
  readonly runId: string | null;
  readonly sizeBytes: number;
  readonly preview: string;
  readonly receivedAt: string;
}

export interface ReceivedDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly messageId: string;
  readonly body: string;
  readonly runId: string | null;
  /** The run is one that could not start. */
  readonly isRefused: boolean;
}

/** Keeps a delivery as it came. A repeated message changes nothing, except that it may bring the run that was missing, or one in place of a run that could not start. */
export async function saveDelivery(
  tenant: Tenant,
  { id, webhookId, messageId, body, runId, isRefused }: ReceivedDelivery,
): Promise<void> {
  const run = sql<string | null>`${runId}::uuid`;
  await tenant.batch((query) => [
    query
      // The first one may lie in the partition of another month than a new row would.
      .with("known", (cte) =>
        cte
          .updateTable("webhook_deliveries")
          .set((eb) => ({
            run_id: isRefused ? eb.fn.coalesce("run_id", run) : eb.fn.coalesce(run, "run_id"),
          }))
          .where("webhook_id", "=", webhookId)
          .where("message_id", "=", messageId)
          .returning("id"),
      )
      .insertInto("webhook_deliveries")
      .columns(["workspace_id", "id", "webhook_id", "message_id", "body", "run_id"])
      .expression(
        query
          .selectNoFrom([
            sql<string>`${tenant.workspaceId}::uuid`.as("workspace_id"),
            sql<string>`${id}::uuid`.as("id"),
            sql<string>`${webhookId}::uuid`.as("webhook_id"),
          ])
          // PostgreSQL has no text with NUL.
          .select([
            text(messageId).as("message_id"),
            text(body.replaceAll("\0", "")).as("body"),
            run.as("run_id"),
          ])
          .where(sql<boolean>`not exists (select from known)`),
      )
      .onConflict((conflict) => conflict.doNothing()),
  ]);
}

const PREVIEW_CHARACTERS = 500;

/** Lists what a webhook has received, newest first; undefined when there is no such webhook. */
export async function listDeliveries(
  tenant: Tenant,
  webhookId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<Delivery> | undefined> {
  const [hooks, rows] = await tenant.read((query) => [
    query.selectFrom("webhooks").select("id").where("id", "=", webhookId),
    query
      .selectFrom("webhook_deliveries as d")
      .select([
        "d.id",
        "d.message_id",
        "d.run_id",
        "d.received_at",
        momentKey("d.received_at").as("cursorKey"),
      ])
      .select([
        sql<number>`octet_length(d.body)`.as("size_bytes"),
        sql<string>`left(d.body, ${PREVIEW_CHARACTERS})`.as("preview"),
      ])
      .where("d.webhook_id", "=", webhookId)
      .where((eb) => eb.and(given(cursor, (it) => isOlder({ moment: "d.received_at", id: "d.id" }, it))))
      .orderBy("d.received_at", "desc")
      .orderBy("d.id", "desc")
      .limit(limit + 1),
  ]);
  if (hooks.length === 0) return undefined;
  return toPage(rows, limit, (row) => ({
    id: row.id,
    messageId: row.message_id,
    runId: row.run_id,
    sizeBytes: row.size_bytes,
    preview: row.preview,
    receivedAt: isoTime(row.received_at),
  }));
}

export interface StoredDelivery {
  readonly workflowId: string;
  readonly priority: Priority;
  readonly messageId: string;
  readonly body: string;
}

export async function getDelivery(
  tenant: Tenant,
  webhookId: string,
  deliveryId: string,
): Promise<StoredDelivery | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("webhook_deliveries as d")
      .innerJoin("webhooks as h", "h.id", "d.webhook_id")
      .select(["h.workflow_id as workflowId", "h.priority", "d.message_id as messageId", "d.body"])
      .where("d.webhook_id", "=", webhookId)
      .where("d.id", "=", deliveryId),
  ]);
  return rows[0];
}

function webhooks(query: QueryBuilder) {
  return query
    .selectFrom("webhooks as h")
    .innerJoin("workflows as w", "w.id", "h.workflow_id")
    .select([
      "h.id",
      "h.workflow_id",
      "w.name as workflow_name",
      "h.name",
      "h.enabled",
      "h.priority",
      "h.token_hint",
      "h.created_at",
      momentKey("h.created_at").as("cursorKey"),
    ])
    .select((eb) =>
      eb
        .selectFrom("webhook_deliveries as d")
        .select((d) => d.fn.max("d.received_at").as("last"))
        .whereRef("d.webhook_id", "=", "h.id")
        .as("last_delivery_at"),
    );
}

function toWebhook(row: Awaited<ReturnType<ReturnType<typeof webhooks>["execute"]>>[number]): Webhook {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    name: row.name,
    enabled: row.enabled,
    priority: row.priority,
    tokenHint: row.token_hint,
    lastDeliveryAt: isoTime(row.last_delivery_at),
    createdAt: isoTime(row.created_at),
  };
}
