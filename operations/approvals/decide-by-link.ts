import * as v from "valibot";
import { type Approval, getApproval } from "#/db/approvals.ts";
import { recordAudit } from "#/db/audit.ts";
import { database, type Tenant } from "#/db/client.ts";
import { findApproval, type OpenApproval } from "#/db/decisions.ts";
import { getMember, getWorkspace } from "#/db/workspaces.ts";
import { type ApprovalLink, readApprovalToken } from "#/lib/approval-link.ts";
import { limitRequests } from "#/lib/cloud/limits.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { findNewAddress } from "#/lib/http/moved.ts";
import { listProblems } from "#/lib/http/problem.ts";
import type { Problem } from "#/lib/http/wire.ts";
import { answerApproval } from "#/operations/approvals/answer.ts";
import { DecideApproval } from "#/operations/approvals/contract.ts";
import { LINK_RIGHTS, refuseByLink } from "#/operations/approvals/link-rights.ts";
import { refuseOwnRun } from "#/operations/approvals/own-run.ts";

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
  const read = readApprovalToken(token);
  if (read.state !== "valid")
    return { ok: false, message: "This link is no longer valid. Ask for a new one." };
  const { link } = read;
  const { allowed } = await limitRequests("hooks", link.workspaceId);
  if (!allowed) return { ok: false, message: "Too many requests. Try again in a moment." };
  const unusable = findUnusable(decision);
  if (unusable) return { ok: false, message: TO_FIX, problems: [unusable] };
  const parsed = v.safeParse(DecideApproval, decision);
  if (!parsed.success) return { ok: false, message: TO_FIX, problems: listProblems(parsed.issues) };
  return decide(link, parsed.output, listPeople(link, signedIn));
}

/** Whoever has made the link vouches for who uses it; whoever is signed in cannot be somebody else. */
const listPeople = ({ madeBy }: ApprovalLink, signedIn: string | undefined) => [
  madeBy,
  ...(signedIn === undefined ? [] : [signedIn]),
];

async function decide(
  { workspaceId, approvalId }: ApprovalLink,
  decision: v.InferOutput<typeof DecideApproval>,
  people: readonly (string | undefined)[],
): Promise<LinkDecision> {
  const tenant = database().tenant({ workspaceId });
  const by = { kind: "link", id: approvalId, name: "somebody with the link" } as const;
  const decided = await answerApproval(tenant, {
    approvalId,
    ...decision,
    by,
    people,
    rights: LINK_RIGHTS,
  });
  if (!decided.ok) return { ok: false, message: decided.detail ?? TO_FIX, problems: decided.problems ?? [] };
  await recordAudit(tenant, { actor: by, action: "approval.decided", targetId: approvalId });
  return { ok: true };
}

/** A question with what whoever is asked by a link can judge it by. */
export interface LinkedApproval {
  readonly approval: Approval;
  readonly workspaceName: string;
  /** The name of whoever has made the link; undefined where nobody knows it any more. */
  readonly askedBy: string | undefined;
  /** The end of the link, as ISO. */
  readonly until: string;
  /** Reason why it cannot be answered here; undefined where it can. */
  readonly refusal: string | undefined;
}

/** The question that a link opens. Of one that is over or wrong nothing is told but that. */
export type OpenedLink =
  | ({ readonly state: "found" } & LinkedApproval)
  | { readonly state: "over"; readonly until: string }
  /** The workspace is at another deployment, which knows no links of this one. */
  | { readonly state: "moved"; readonly address: string }
  | { readonly state: "wrong" };

/** Reads the approval that a link opens, with who asks and until when. @param signedIn the id of whoever is signed in where the link was opened */
export async function readByLink(token: string, signedIn: string | undefined): Promise<OpenedLink> {
  const read = readApprovalToken(token);
  if (read.state === "wrong") return read;
  if (read.state === "over") return { state: "over", until: new Date(read.until).toISOString() };
  return readQuestion(read.link, signedIn).catch(findMove);
}

function findMove(error: unknown): OpenedLink {
  const address = findNewAddress(error);
  if (address === undefined) throw error;
  return { state: "moved", address };
}

async function readQuestion(link: ApprovalLink, signedIn: string | undefined): Promise<OpenedLink> {
  const tenant = database().tenant({ workspaceId: link.workspaceId });
  const [approval, rules, workspace, maker] = await Promise.all([
    getApproval(tenant, link.approvalId),
    findApproval(tenant, link.approvalId),
    getWorkspace(tenant),
    link.madeBy === undefined ? undefined : getMember(tenant, link.madeBy),
  ]);
  if (!approval || !rules || !workspace) return { state: "wrong" };
  return {
    state: "found",
    approval,
    workspaceName: workspace.name,
    askedBy: maker?.name ?? undefined,
    until: new Date(link.until).toISOString(),
    refusal: await findRefusal(tenant, rules, listPeople(link, signedIn)),
  };
}

async function findRefusal(
  tenant: Tenant,
  asked: OpenApproval,
  people: readonly (string | undefined)[],
): Promise<string | undefined> {
  const own = asked.notBy ? refuseOwnRun(asked.notBy, people) : undefined;
  return own ?? refuseByLink(tenant, asked);
}
