import { apiRoute } from "#/app/api/doors.ts";
import { unknownWorkflow } from "#/app/api/v1/schedules/check.ts";
import { makeAddress } from "#/app/api/v1/webhooks/address.ts";
import { createWebhookContract, listWebhooksContract } from "#/app/api/v1/webhooks/contract.ts";
import { createWebhook, listWebhooks } from "#/db/webhooks.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { newId } from "#/lib/id.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listWebhooksContract, async ({ tenant, query }) => ok(await listWebhooks(tenant, query)));

export const POST = apiRoute(createWebhookContract, async ({ tenant, body }) => {
  const id = newId();
  const { shown, stored } = makeAddress(id);
  const webhook = await createWebhook(tenant, { id, ...body, ...stored });
  return webhook ? created({ ...webhook, ...shown }) : unknownWorkflow;
});

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
