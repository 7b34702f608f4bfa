import "server-only";
import { checkDecision } from "#/agents/definition/schema/decision-values.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Tenant } from "#/db/client.ts";
import { findApproval, storeDecision } from "#/db/run-lifecycle.ts";
import type { Actor } from "#/operations/actor.ts";
import { refuseOwnRun } from "#/operations/approvals/own-run.ts";
import { wake } from "#/operations/execution/wake.ts";

export interface DecisionRequest {
  readonly approvalId: string;
  readonly action: string;
  readonly values?: unknown;
  readonly comment?: string | undefined;
  readonly by: Actor;
  /** Everybody who takes part in it: who decides, whose key it is, who made the link. Undefined stands for somebody unknown. */
  readonly people: readonly (string | undefined)[];
}

export type Decided =
  | { readonly ok: true; readonly runId: string }
  | {
      readonly ok: false;
      readonly reason: "not-found" | "already-decided" | "own-run" | "unknown-action" | "invalid-values";
      readonly detail?: string;
      readonly problems?: readonly Problem[];
    };

/** Answers an approval, once: of several decisions at the same moment one counts, and the others are told so. */
export async function answerApproval(tenant: Tenant, request: DecisionRequest): Promise<Decided> {
  const approval = await findApproval(tenant, request.approvalId);
  if (!approval) return { ok: false, reason: "not-found" };
  if (approval.status !== "open")
    return { ok: false, reason: "already-decided", detail: `This approval is ${approval.status}.` };
  // Who asked does not change, so this need not be looked at again when the decision is stored.
  const refusal = approval.notBy && refuseOwnRun(approval.notBy, request.people);
  if (refusal) return { ok: false, reason: "own-run", detail: refusal };
  if (!approval.actions.includes(request.action)) {
    return {
      ok: false,
      reason: "unknown-action",
      detail: `“${request.action}” is not one of: ${approval.actions.join(", ")}.`,
    };
  }
  const values = checkDecision(approval, request);
  if (!values.ok) return { ok: false, reason: "invalid-values", problems: values.problems };
  const owed = await storeDecision(tenant, approval.runId, {
    approvalId: request.approvalId,
    action: request.action,
    comment: request.comment,
    values: values.input,
    by: { ...request.by },
  });
  if (!owed) return { ok: false, reason: "already-decided", detail: "Somebody else decided a moment ago." };
  await wake([{ workspaceId: tenant.workspaceId, ...owed }]);
  return { ok: true, runId: approval.runId };
}
