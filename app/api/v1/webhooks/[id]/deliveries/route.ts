import { apiRoute } from "#/app/api/doors.ts";
import { listDeliveriesContract } from "#/operations/webhooks/contract.ts";
import { listDeliveries } from "#/db/webhooks.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listDeliveriesContract, async ({ tenant, params, query }) => {
  const page = await listDeliveries(tenant, params.id, query);
  return page ? ok(page) : notFound("webhook");
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
