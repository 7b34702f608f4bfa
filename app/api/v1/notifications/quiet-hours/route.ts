import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { setQuietHoursContract } from "#/operations/notifications/contract.ts";
import { setQuietHours } from "#/operations/notifications/set-quiet-hours.ts";

export const PUT = apiRoute(setQuietHoursContract, async ({ caller, body }) =>
  ok(await setQuietHours(caller, body)),
);

export const { GET, POST, PATCH, DELETE, OPTIONS } = otherMethods("PUT");
