import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { importToolsContract } from "#/operations/tools/contract.ts";
import { importTools } from "#/operations/tools/import.ts";

export const POST = apiRoute(importToolsContract, async ({ caller, body }) =>
  ok(await importTools(caller, body)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
