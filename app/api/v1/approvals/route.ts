import { apiRoute } from "#/app/api/doors.ts";
import { listApprovalsContract } from "#/operations/approvals/contract.ts";
import { listApprovals } from "#/db/approvals.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listApprovalsContract, async ({ tenant, query }) =>
  ok(await listApprovals(tenant, query)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
