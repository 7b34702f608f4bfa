import { answerApproval, type Decided } from "#/operations/approvals/answer.ts";
import { type Approval, getApproval } from "#/db/approvals.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { isDecidedBy } from "#/db/decisions.ts";
import { readBudgetRights } from "#/operations/approvals/budget-rights.ts";
import type { decideApprovalContract } from "#/operations/approvals/contract.ts";
import { type Caller, findActor } from "#/operations/caller.ts";

/**
 * Decides an approval, once, and wakes its run. The same request again is answered as it was the first time. Refuses with `already-decided`, with `forbidden` when it is for somebody else than the caller or about a limit
 * that is not theirs to raise, and with `invalid-request` for an action or values that do not fit it.
 */
export async function decideApproval(
  caller: Caller,
  { id, newId, ...decision }: Input<typeof decideApprovalContract> & { readonly newId: string },
): Promise<Approval | Refusal> {
  const decided = await answerApproval(caller.tenant, {
    approvalId: id,
    ...decision,
    decisionId: newId,
    by: await findActor(caller),
    people: [personBehind(caller.principal)],
    rights: readBudgetRights(caller.principal),
  });
  const isStored = decided.ok || (await isRepeated(caller, decided, { id, newId }));
  const approval = await getApproval(caller.tenant, id);
  if (isStored) return approval ?? notFound("approval");
  return toRefusal({ ...decided, ...(approval && decided.reason === "already-decided" && sayHow(approval)) });
}

type NotDecided = Extract<Decided, { readonly ok: false }>;

/** Returns whether the request has decided it itself, when it came before and its answer was lost. */
async function isRepeated(
  { tenant }: Caller,
  { reason }: NotDecided,
  { id, newId }: { readonly id: string; readonly newId: string },
): Promise<boolean> {
  return reason === "already-decided" && isDecidedBy(tenant, id, newId);
}

/** Says who was faster: whoever decided without a network hears of it late. */
function sayHow({ status, action, decidedBy }: Approval): { readonly detail: string } {
  if (status === "expired") return { detail: "Nobody decided in time, so it has decided itself." };
  if (status === "cancelled") return { detail: "Its run ended before anybody decided." };
  const who = decidedBy?.name ?? (decidedBy?.kind === "key" ? "An API key" : "Somebody else");
  return { detail: `${who} has decided it already: ${action ?? status}.` };
}

function toRefusal({ reason, detail = "It could not be decided.", problems }: NotDecided): Refusal {
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
