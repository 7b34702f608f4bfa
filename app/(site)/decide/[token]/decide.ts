"use server";
import * as v from "valibot";
import { decideApproval } from "#/operations/approvals/answer.ts";
import { DecideApproval } from "#/operations/approvals/contract.ts";
import { recordAudit } from "#/db/audit.ts";
import { database } from "#/db/client.ts";
import { readApprovalToken } from "#/lib/approval-link.ts";
import { currentPrincipal } from "#/lib/auth/principal.ts";
import { limitRequests } from "#/lib/cloud/limits.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { problemsOf } from "#/lib/http/problem.ts";
import type { Problem } from "#/lib/http/wire.ts";

export type LinkDecision =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly problems?: readonly Problem[] };

/** Decides by a link: it opens one approval, which can be decided once. */
export async function decideByLink(token: string, given: unknown): Promise<LinkDecision> {
  const link = readApprovalToken(token);
  if (!link) return { ok: false, message: "This link is not valid any more. Ask for a new one." };
  const { allowed } = await limitRequests("hooks", link.workspaceId);
  if (!allowed) return { ok: false, message: "Too many requests. Try again in a moment." };
  const unusable = findUnusable(given);
  if (unusable) return { ok: false, message: "Fix the fields below and try again.", problems: [unusable] };
  const decision = v.safeParse(DecideApproval, given);
  if (!decision.success)
    return {
      ok: false,
      message: "Fix the fields below and try again.",
      problems: problemsOf(decision.issues),
    };
  const tenant = database().tenant({ workspaceId: link.workspaceId });
  const by = { kind: "link", id: link.approvalId, name: "somebody with the link" } as const;
  // Whoever has made the link vouches for who uses it; whoever is signed in cannot be somebody else.
  const signedIn = await currentPrincipal();
  const people = [link.madeBy, ...(signedIn ? [signedIn.userId] : [])];
  const decided = await decideApproval(tenant, {
    approvalId: link.approvalId,
    ...decision.output,
    by,
    people,
  });
  if (!decided.ok)
    return {
      ok: false,
      message: decided.detail ?? "Fix the fields below and try again.",
      problems: decided.problems ?? [],
    };
  await recordAudit(tenant, { actor: by, action: "approval.decided", targetId: link.approvalId });
  return { ok: true };
}
