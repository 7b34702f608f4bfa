import { sendEvent } from "#/operations/runs/runtime.ts";
import { actorOf } from "#/app/api/actor.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { sendEventContract } from "#/operations/events/contract.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";

export const POST = apiRoute(sendEventContract, async ({ tenant, principal, body, newId: id }) =>
  accepted(
    await sendEvent(tenant, {
      id,
      key: body.key,
      payload: body.payload ?? null,
      source: await actorOf(tenant, principal),
    }),
  ),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
