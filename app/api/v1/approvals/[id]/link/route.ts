import { apiRoute } from "#/app/api/doors.ts";
import { approvalLinkContract } from "#/operations/approvals/contract.ts";
import { getApproval } from "#/db/approvals.ts";
import { approvalToken } from "#/lib/approval-link.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import { env } from "#/lib/env.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound, refuse } from "#/lib/http/problem.ts";
import { created } from "#/lib/http/reply.ts";

const HOUR_MS = 3_600_000;

export const POST = apiRoute(approvalLinkContract, async ({ tenant, principal, params, body }) => {
  const approval = await getApproval(tenant, params.id);
  if (!approval) return notFound("approval");
  if (approval.status !== "open") return refuse("already-decided", `This approval is ${approval.status}.`);
  const until = Date.now() + body.expiresInHours * HOUR_MS;
  const token = approvalToken({
    workspaceId: tenant.workspaceId,
    approvalId: approval.id,
    until,
    madeBy: personBehind(principal),
  });
  return created({ url: `${env().appUrl}/decide/${token}`, expiresAt: new Date(until).toISOString() });
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
