import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted } from "#/lib/http/reply.ts";
import { sendEventContract } from "#/operations/events/contract.ts";
import { sendEvent } from "#/operations/events/send.ts";

export const POST = apiRoute(sendEventContract, async ({ caller, body, newId: id }) =>
  accepted(await sendEvent(caller, { id, ...body })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
