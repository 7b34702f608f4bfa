import { apiRoute } from "#/app/api/doors.ts";
import { openAddress } from "#/app/api/v1/webhooks/address.ts";
import { revealWebhookContract } from "#/operations/webhooks/contract.ts";
import { readSealedWebhook } from "#/db/webhooks.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const POST = apiRoute(revealWebhookContract, async ({ tenant, params }) => {
  const sealed = await readSealedWebhook(tenant, params.id);
  return sealed ? ok({ id: params.id, ...openAddress(params.id, sealed) }) : notFound("webhook");
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
