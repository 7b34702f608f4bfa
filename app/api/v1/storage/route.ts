import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { changeStorageContract, getStorageContract } from "#/operations/storage/contract.ts";
import { changeStorage } from "#/operations/storage/change.ts";
import { getStorage } from "#/operations/storage/get.ts";

export const GET = apiRoute(getStorageContract, async ({ caller }) => ok(await getStorage(caller)));

export const PATCH = apiRoute(changeStorageContract, async ({ caller, body }) =>
  ok(await changeStorage(caller, body)),
);

export const { POST, PUT, DELETE, OPTIONS } = otherMethods("GET", "PATCH");
