import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { decideApprovalsContract } from "#/operations/approvals/contract.ts";
import { decideApprovals } from "#/operations/approvals/decide-many.ts";

export const POST = apiRoute(decideApprovalsContract, async ({ caller, body }) =>
  ok(await decideApprovals(caller, body)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
