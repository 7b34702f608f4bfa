import { apiRoute } from "#/app/api/doors.ts";
import {
  deleteWebhookContract,
  getWebhookContract,
  updateWebhookContract,
} from "#/operations/webhooks/contract.ts";
import { deleteWebhook, getWebhook, updateWebhook } from "#/db/webhooks.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { done, ok } from "#/lib/http/reply.ts";

const noSuchWebhook = notFound("webhook");

export const GET = apiRoute(getWebhookContract, async ({ tenant, params }) => {
  const webhook = await getWebhook(tenant, params.id);
  return webhook ? ok(webhook) : noSuchWebhook;
});

export const PATCH = apiRoute(updateWebhookContract, async ({ tenant, params, body }) => {
  const webhook = await updateWebhook(tenant, params.id, body);
  return webhook ? ok(webhook) : noSuchWebhook;
});

export const DELETE = apiRoute(deleteWebhookContract, async ({ tenant, params }) =>
  (await deleteWebhook(tenant, params.id)) ? done : noSuchWebhook,
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
