import { apiRoute } from "#/app/api/doors.ts";
import { unknownWorkflow } from "#/app/api/v1/schedules/check.ts";
import { makeAddress, openAddress } from "#/app/api/v1/webhooks/address.ts";
import { createWebhookContract, listWebhooksContract } from "#/operations/webhooks/contract.ts";
import { createWebhook, listWebhooks, readSealedWebhook } from "#/db/webhooks.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listWebhooksContract, async ({ tenant, query }) =>
  ok(await listWebhooks(tenant, query)),
);

export const POST = apiRoute(createWebhookContract, async ({ tenant, body, newId: id }) => {
  const webhook = await createWebhook(tenant, { id, ...body, ...makeAddress(id) });
  // Read back: a repeated request finds the address that the first one made.
  const sealed = webhook && (await readSealedWebhook(tenant, id));
  return webhook && sealed ? created({ ...webhook, ...openAddress(id, sealed) }) : unknownWorkflow;
});

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
