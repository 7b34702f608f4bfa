import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listApprovalsContract } from "#/operations/approvals/contract.ts";
import { listApprovals } from "#/operations/approvals/list.ts";

export const GET = apiRoute(listApprovalsContract, async ({ caller, query }) =>
  ok(await listApprovals(caller, query)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
