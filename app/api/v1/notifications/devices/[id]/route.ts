import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done } from "#/lib/http/reply.ts";
import { removeDeviceContract } from "#/operations/notifications/contract.ts";
import { removeDevice } from "#/operations/notifications/remove-device.ts";

export const DELETE = apiRoute(removeDeviceContract, async ({ caller, params }) =>
  done(await removeDevice(caller, params)),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
