import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { redeliverContract } from "#/operations/webhooks/contract.ts";
import { redeliver } from "#/operations/webhooks/redeliver.ts";

export const POST = apiRoute(redeliverContract, async ({ caller, params, idempotencyKey }) =>
  accepted(await redeliver(caller, { ...params, idempotencyKey })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
