import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { getNotificationsContract } from "#/operations/notifications/contract.ts";
import { getNotifications } from "#/operations/notifications/get.ts";

export const GET = apiRoute(getNotificationsContract, async ({ caller }) =>
  ok(await getNotifications(caller)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
