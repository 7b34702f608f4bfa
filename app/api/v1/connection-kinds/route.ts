import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listConnectionKindsContract } from "#/operations/connections/contract.ts";
import { listConnectionKinds } from "#/operations/connections/list-kinds.ts";

export const GET = apiRoute(listConnectionKindsContract, async () => ok(listConnectionKinds()));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
