import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { testDeviceContract } from "#/operations/notifications/contract.ts";
import { testDevice } from "#/operations/notifications/test-device.ts";

export const POST = apiRoute(testDeviceContract, async ({ caller, params }) =>
  ok(await testDevice(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
