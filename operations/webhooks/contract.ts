import * as v from "valibot";
import { Priority, StartedRun } from "#/operations/runs/contract.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, Name, pageOf, PageQuery, Timestamp } from "#/lib/http/wire.ts";

export const Webhook = v.object({
  id: Id,
  workflowId: Id,
  workflowName: v.string(),
  name: v.string(),
  enabled: v.boolean(),
  /** Of the runs that it starts. */
  priority: Priority,
  /** The last characters of the address, to tell webhooks apart. */
  tokenHint: v.string(),
  lastDeliveryAt: v.nullable(Timestamp),
  createdAt: Timestamp,
});
export type Webhook = v.InferOutput<typeof Webhook>;

/** The things that a sender needs: the address, and the key of the Standard Webhooks signature. */
export const WebhookAddress = v.object({ id: Id, url: v.pipe(v.string(), v.url()), secret: v.string() });
export type WebhookAddress = v.InferOutput<typeof WebhookAddress>;

export const CreatedWebhook = v.object({
  ...Webhook.entries,
  url: WebhookAddress.entries.url,
  secret: WebhookAddress.entries.secret,
});
export type CreatedWebhook = v.InferOutput<typeof CreatedWebhook>;

export const Delivery = v.object({
  id: Id,
  messageId: v.string(),
  runId: v.nullable(Id),
  sizeBytes: v.number(),
  /** The beginning of the body. */
  preview: v.string(),
  receivedAt: Timestamp,
});
export type Delivery = v.InferOutput<typeof Delivery>;

export const CreateWebhook = v.strictObject({
  workflowId: Id,
  name: Name,
  priority: v.optional(Priority, "normal"),
});
export type CreateWebhook = v.InferInput<typeof CreateWebhook>;

export const UpdateWebhook = v.strictObject({
  name: v.optional(Name),
  enabled: v.optional(v.boolean()),
  priority: v.optional(Priority),
});
export type UpdateWebhook = v.InferInput<typeof UpdateWebhook>;

export const listWebhooksContract = defineContract({
  method: "GET",
  path: "/api/v1/webhooks",
  summary: "List webhooks, newest first.",
  access: "triggers:read",
  query: v.object({ ...PageQuery, workflow: v.optional(Id) }),
  responses: { 200: { description: "A page of webhooks.", body: pageOf(Webhook) } },
});

export const createWebhookContract = defineContract({
  method: "POST",
  path: "/api/v1/webhooks",
  summary: "Create a webhook: a URL that starts a workflow. The answer shows its secret.",
  access: "triggers:write",
  idempotent: true,
  body: CreateWebhook,
  audit: "webhook.created",
  responses: { 201: { description: "The new webhook with its address and secret.", body: CreatedWebhook } },
});

export const getWebhookContract = defineContract({
  method: "GET",
  path: "/api/v1/webhooks/{id}",
  summary: "Read a webhook.",
  access: "triggers:read",
  params: IdParams,
  responses: { 200: { description: "The webhook.", body: Webhook } },
});

export const updateWebhookContract = defineContract({
  method: "PATCH",
  path: "/api/v1/webhooks/{id}",
  summary: "Change a webhook, or switch it on and off.",
  access: "triggers:write",
  params: IdParams,
  body: UpdateWebhook,
  audit: "webhook.changed",
  responses: { 200: { description: "The webhook.", body: Webhook } },
});

export const deleteWebhookContract = defineContract({
  method: "DELETE",
  path: "/api/v1/webhooks/{id}",
  summary: "Delete a webhook and its deliveries. Its address answers 404 from then on.",
  access: "triggers:write",
  params: IdParams,
  audit: "webhook.deleted",
  responses: { 204: { description: "Deleted." } },
});

export const revealWebhookContract = defineContract({
  method: "POST",
  path: "/api/v1/webhooks/{id}/reveal",
  summary: "Show the address and the secret again. Written to the audit log.",
  access: "triggers:write",
  params: IdParams,
  audit: "webhook.revealed",
  responses: { 200: { description: "Address and secret.", body: WebhookAddress } },
});

export const listDeliveriesContract = defineContract({
  method: "GET",
  path: "/api/v1/webhooks/{id}/deliveries",
  summary: "List what a webhook has received, newest first.",
  access: "triggers:read",
  params: IdParams,
  query: v.object(PageQuery),
  responses: { 200: { description: "A page of deliveries.", body: pageOf(Delivery) } },
});

export const redeliverContract = defineContract({
  method: "POST",
  path: "/api/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver",
  summary: "Start a new run with a body that was received before.",
  access: "runs:start",
  idempotent: true,
  limit: "runs",
  params: v.object({ id: Id, deliveryId: Id }),
  recordedIn: "the trigger of the run",
  responses: { 202: { description: "The run is on its way.", body: StartedRun } },
});
