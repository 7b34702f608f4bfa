import { answerApproval, type Decided } from "#/operations/approvals/answer.ts";
import { type Approval, getApproval } from "#/db/approvals.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { readBudgetRights } from "#/operations/approvals/budget-rights.ts";
import type { decideApprovalContract } from "#/operations/approvals/contract.ts";
import { type Caller, findActor } from "#/operations/caller.ts";

/**
 * Decides an approval, once, and wakes its run. Refuses with `already-decided`, with `forbidden` when it is for somebody else than the caller or about a limit
 * that is not theirs to raise, and with `invalid-request` for an action or values that do not fit it.
 */
export async function decideApproval(
  caller: Caller,
  { id, ...decision }: Input<typeof decideApprovalContract>,
): Promise<Approval | Refusal> {
  const decided = await answerApproval(caller.tenant, {
    approvalId: id,
    ...decision,
    by: await findActor(caller),
    people: [personBehind(caller.principal)],
    rights: readBudgetRights(caller.principal),
  });
  if (!decided.ok) return toRefusal(decided);
  return (await getApproval(caller.tenant, id)) ?? notFound("approval");
}

function toRefusal({
  reason,
  detail = "It could not be decided.",
  problems,
}: Extract<Decided, { readonly ok: false }>): Refusal {
  switch (reason) {
    case "not-found":
      return notFound("approval");
    case "already-decided":
      return refuse("already-decided", detail);
    case "own-run":
    case "not-theirs":
      return refuse("forbidden", detail);
    case "unknown-action":
      return refuse("invalid-request", "Choose one of the approval's actions.", {
        errors: [{ path: "/action", message: detail }],
      });
    case "invalid-values":
      return refuse("invalid-request", "The values do not fit the approval's form.", {
        errors: (problems ?? []).map(({ path, message }) => ({ path: `/values${path}`, message })),
      });
  }
}
