import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created } from "#/lib/http/reply.ts";
import { addDevice } from "#/operations/notifications/add-device.ts";
import { addDeviceContract } from "#/operations/notifications/contract.ts";

export const POST = apiRoute(addDeviceContract, async ({ caller, body, newId }) =>
  created(await addDevice(caller, { ...body, newId })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
