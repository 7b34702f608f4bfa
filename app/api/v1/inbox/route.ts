import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listInboxContract } from "#/operations/inbox/contract.ts";
import { listInbox } from "#/operations/inbox/list.ts";

export const GET = apiRoute(listInboxContract, async ({ caller, query }) =>
  ok(await listInbox(caller, query)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
