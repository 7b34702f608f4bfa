import { getApproval } from "#/db/approvals.ts";
import { findApproval } from "#/db/decisions.ts";
import { approvalToken } from "#/lib/approval-link.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import { env } from "#/lib/env.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { refuseByLink } from "#/operations/approvals/link-rights.ts";
import type { approvalLinkContract } from "#/operations/approvals/contract.ts";
import type { Caller } from "#/operations/caller.ts";

const HOUR_MS = 3_600_000;

interface ApprovalLink {
  readonly url: string;
  readonly expiresAt: string;
}

/** Makes a link by which somebody without an account can decide one open approval. Refuses with `not-found`, with `already-decided`, and with `forbidden` for a limit of a month and for a changed tool. */
export async function approvalLink(
  { tenant, principal }: Caller,
  { id, expiresInHours }: Input<typeof approvalLinkContract>,
): Promise<ApprovalLink | Refusal> {
  const approval = await getApproval(tenant, id);
  if (!approval) return notFound("approval");
  if (approval.status !== "open") return refuse("already-decided", `This approval is ${approval.status}.`);
  const rules = await findApproval(tenant, id);
  const beyond = rules && (await refuseByLink(tenant, rules));
  if (beyond) return refuse("forbidden", beyond);
  const until = Date.now() + expiresInHours * HOUR_MS;
  const token = approvalToken({
    workspaceId: tenant.workspaceId,
    approvalId: approval.id,
    until,
    madeBy: personBehind(principal),
  });
  return { url: `${env().appUrl}/decide/${token}`, expiresAt: new Date(until).toISOString() };
}
