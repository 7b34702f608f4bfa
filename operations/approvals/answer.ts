import "server-only";
import { checkDecision } from "#/agents/definition/schema/decision-values.ts";
import { runOf } from "#/agents/engine/budget.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Tenant } from "#/db/client.ts";
import { decide, findApproval, type OpenApproval } from "#/db/decisions.ts";
import type { Actor } from "#/operations/actor.ts";
import { type BudgetRights, refuseBudget, refuseRaise } from "#/operations/approvals/budget-rights.ts";
import { refuseChange } from "#/operations/approvals/change-rights.ts";
import { refuseOwnRun } from "#/operations/approvals/own-run.ts";
import { traceEnd } from "#/operations/execution/trace-end.ts";
import { wake } from "#/operations/execution/wake.ts";

export interface DecisionRequest {
  readonly approvalId: string;
  readonly action: string;
  readonly values?: unknown;
  readonly comment?: string | undefined;
  readonly by: Actor;
  /** Everybody who takes part in it: who decides, whose key it is, who made the link. Undefined stands for somebody unknown. */
  readonly people: readonly (string | undefined)[];
  readonly rights: BudgetRights;
  /** Of the request; undefined where no request is repeated. */
  readonly decisionId?: string | undefined;
}

export type Decided =
  | { readonly ok: true; readonly runId: string }
  | {
      readonly ok: false;
      readonly reason:
        | "not-found"
        | "already-decided"
        | "own-run"
        | "not-theirs"
        | "unknown-action"
        | "invalid-values";
      readonly detail?: string;
      readonly problems?: readonly Problem[];
    };

/** Answers an approval, once: of several decisions at the same moment one counts, and the others are told so. */
export async function answerApproval(tenant: Tenant, request: DecisionRequest): Promise<Decided> {
  const approval = await findApproval(tenant, request.approvalId);
  if (!approval) return { ok: false, reason: "not-found" };
  if (approval.status !== "open")
    return { ok: false, reason: "already-decided", detail: `This approval is ${approval.status}.` };
  const refused = await refuseDecision(tenant, approval, request);
  if (refused) return refused;
  const values = checkDecision(approval, request);
  if (!values.ok) return { ok: false, reason: "invalid-values", problems: values.problems };
  const owed = await decide(tenant, approval.runId, {
    approvalId: request.approvalId,
    action: request.action,
    comment: request.comment,
    values: values.input,
    by: { ...request.by },
    decisionId: request.decisionId,
  });
  if (!owed) return { ok: false, reason: "already-decided", detail: "Somebody else decided a moment ago." };
  const stopped = request.action === "stop" ? runOf(approval.budget) : undefined;
  // What stops at its own budget ends in an invocation.
  if (stopped !== undefined && stopped !== approval.runId) traceEnd(tenant, stopped);
  const { workspaceId } = tenant;
  await wake(owed.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
  return { ok: true, runId: approval.runId };
}

async function refuseDecision(
  tenant: Tenant,
  approval: OpenApproval,
  { action, by, people, rights }: DecisionRequest,
): Promise<Decided | undefined> {
  // Who asked does not change, so this need not be looked at again when the decision is stored.
  const own = approval.notBy && refuseOwnRun(approval.notBy, people);
  if (own) return { ok: false, reason: "own-run", detail: own };
  if (!approval.actions.includes(action)) {
    return {
      ok: false,
      reason: "unknown-action",
      detail: `“${action}” is not one of: ${approval.actions.join(", ")}.`,
    };
  }
  const beyond =
    (await refuseChange(tenant, approval, by)) ??
    (await refuseBudget(tenant, approval, rights)) ??
    (await refuseRaise(approval, action, rights));
  return beyond === undefined ? undefined : { ok: false, reason: "not-theirs", detail: beyond };
}
