import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { dismissRunContract } from "#/operations/inbox/contract.ts";
import { dismissRun } from "#/operations/inbox/dismiss.ts";

export const POST = apiRoute(dismissRunContract, async ({ caller, params }) =>
  ok(await dismissRun(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
