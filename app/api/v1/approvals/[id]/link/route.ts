import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created } from "#/lib/http/reply.ts";
import { approvalLinkContract } from "#/operations/approvals/contract.ts";
import { approvalLink } from "#/operations/approvals/link.ts";

export const POST = apiRoute(approvalLinkContract, async ({ caller, params, body }) =>
  created(await approvalLink(caller, { ...params, ...body })),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
