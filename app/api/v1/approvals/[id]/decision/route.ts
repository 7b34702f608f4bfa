import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { decideApprovalContract } from "#/operations/approvals/contract.ts";
import { decideApproval } from "#/operations/approvals/decide.ts";

export const POST = apiRoute(decideApprovalContract, async ({ caller, params, body, newId }) =>
  ok(await decideApproval(caller, { ...params, ...body, newId })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
