import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listDeliveriesContract } from "#/operations/webhooks/contract.ts";
import { listDeliveries } from "#/operations/webhooks/list-deliveries.ts";

export const GET = apiRoute(listDeliveriesContract, async ({ caller, params, query }) =>
  ok(await listDeliveries(caller, { ...params, ...query })),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
