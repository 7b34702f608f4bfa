import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { createWebhookContract, listWebhooksContract } from "#/operations/webhooks/contract.ts";
import { createWebhook } from "#/operations/webhooks/create.ts";
import { listWebhooks } from "#/operations/webhooks/list.ts";

export const GET = apiRoute(listWebhooksContract, async ({ caller, query }) =>
  ok(await listWebhooks(caller, query)),
);

export const POST = apiRoute(createWebhookContract, async ({ caller, body, newId: id }) =>
  created(await createWebhook(caller, { id, ...body })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
