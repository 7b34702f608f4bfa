import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import {
  deleteWebhookContract,
  getWebhookContract,
  updateWebhookContract,
} from "#/operations/webhooks/contract.ts";
import { deleteWebhook } from "#/operations/webhooks/delete.ts";
import { getWebhook } from "#/operations/webhooks/get.ts";
import { updateWebhook } from "#/operations/webhooks/update.ts";

export const GET = apiRoute(getWebhookContract, async ({ caller, params }) =>
  ok(await getWebhook(caller, params)),
);

export const PATCH = apiRoute(updateWebhookContract, async ({ caller, params, body }) =>
  ok(await updateWebhook(caller, { ...params, ...body })),
);

export const DELETE = apiRoute(deleteWebhookContract, async ({ caller, params }) =>
  done(await deleteWebhook(caller, params)),
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
