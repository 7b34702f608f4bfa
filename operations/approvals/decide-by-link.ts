import * as v from "valibot";
import { type Approval, getApproval } from "#/db/approvals.ts";
import { recordAudit } from "#/db/audit.ts";
import { database } from "#/db/client.ts";
import { readApprovalToken } from "#/lib/approval-link.ts";
import { limitRequests } from "#/lib/cloud/limits.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { listProblems } from "#/lib/http/problem.ts";
import type { Problem } from "#/lib/http/wire.ts";
import { answerApproval } from "#/operations/approvals/answer.ts";
import { DecideApproval } from "#/operations/approvals/contract.ts";

export type LinkDecision =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly problems?: readonly Problem[] };

interface GivenDecision {
  readonly token: string;
  readonly decision: unknown;
  /** The id of whoever is signed in where the link was opened. */
  readonly signedIn: string | undefined;
}

const TO_FIX = "Fix the fields below and try again.";

/** Decides the one approval that a link opens, once, for somebody who need not have an account. */
export async function decideByLink({ token, decision, signedIn }: GivenDecision): Promise<LinkDecision> {
  const link = readApprovalToken(token);
  if (!link) return { ok: false, message: "This link is no longer valid. Ask for a new one." };
  const { allowed } = await limitRequests("hooks", link.workspaceId);
  if (!allowed) return { ok: false, message: "Too many requests. Try again in a moment." };
  const unusable = findUnusable(decision);
  if (unusable) return { ok: false, message: TO_FIX, problems: [unusable] };
  const parsed = v.safeParse(DecideApproval, decision);
  if (!parsed.success) return { ok: false, message: TO_FIX, problems: listProblems(parsed.issues) };
  // Whoever has made the link vouches for who uses it; whoever is signed in cannot be somebody else.
  const people = [link.madeBy, ...(signedIn === undefined ? [] : [signedIn])];
  return decide(link, parsed.output, people);
}

type Link = NonNullable<ReturnType<typeof readApprovalToken>>;

async function decide(
  { workspaceId, approvalId }: Link,
  decision: v.InferOutput<typeof DecideApproval>,
  people: readonly (string | undefined)[],
): Promise<LinkDecision> {
  const tenant = database().tenant({ workspaceId });
  const by = { kind: "link", id: approvalId, name: "somebody with the link" } as const;
  const decided = await answerApproval(tenant, { approvalId, ...decision, by, people });
  if (!decided.ok) return { ok: false, message: decided.detail ?? TO_FIX, problems: decided.problems ?? [] };
  await recordAudit(tenant, { actor: by, action: "approval.decided", targetId: approvalId });
  return { ok: true };
}

/** Reads the approval that a link opens; nothing for a link that is over or not ours. */
export async function readByLink(token: string): Promise<Approval | undefined> {
  const link = readApprovalToken(token);
  return link && getApproval(database().tenant({ workspaceId: link.workspaceId }), link.approvalId);
}
