import { recordAudit } from "#/db/audit.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import type { Input } from "#/lib/http/contract.ts";
import { answerApproval, type Decided } from "#/operations/approvals/answer.ts";
import { readBudgetRights } from "#/operations/approvals/budget-rights.ts";
import type { decideApprovalsContract, Outcome } from "#/operations/approvals/contract.ts";
import { type Caller, findActor } from "#/operations/caller.ts";

/** Decides several approvals alike, one after the other, and says of each what became of it. */
export async function decideApprovals(
  caller: Caller,
  { ids, ...decision }: Input<typeof decideApprovalsContract>,
): Promise<{ readonly outcomes: readonly Outcome[] }> {
  const { tenant, principal } = caller;
  const by = await findActor(caller);
  const people = [personBehind(principal)];
  const rights = readBudgetRights(principal);
  const outcomes: Outcome[] = [];
  for (const id of new Set(ids)) {
    const decided = await answerApproval(tenant, { approvalId: id, ...decision, by, people, rights });
    if (decided.ok) await recordAudit(tenant, { actor: { ...by }, action: "approval.decided", targetId: id });
    outcomes.push({ id, refusal: decided.ok ? null : describeRefusal(decided) });
  }
  return { outcomes };
}

function describeRefusal({ reason, detail, problems }: Extract<Decided, { readonly ok: false }>): string {
  if (reason === "not-found") return "There is no such approval.";
  const [problem] = problems ?? [];
  return detail ?? (problem ? `${problem.path} ${problem.message}`.trim() : "It could not be decided.");
}
