import type { Refusal } from "#/lib/http/problem.ts";
import { decideApproval } from "#/operations/approvals/decide.ts";
import { decideApprovalContract } from "#/operations/approvals/contract.ts";
import type { Approval } from "#/db/approvals.ts";
import type { Caller } from "#/operations/caller.ts";
import { enter } from "#/operations/mcp/enter.ts";
import { readDecision } from "#/operations/mcp/question.ts";
import { lookAtRun } from "#/operations/mcp/run-watch.ts";

interface Answers {
  readonly runId: string;
  /** The approvals that were asked; all open ones unless given. */
  readonly asked?: readonly string[];
  /** By the ids of the approvals. */
  readonly responses: Readonly<Record<string, unknown>>;
}

/**
 * Decides the approvals that a client has answers for, each as its route does. What is not open any more, was not asked, or was declined is left as it is.
 * @returns the first refusal; decisions before it stand
 */
export async function answerQuestions(
  caller: Caller,
  { runId, asked, responses }: Answers,
): Promise<Refusal | undefined> {
  const open = (await lookAtRun(caller, runId))?.open ?? [];
  const answered = open.filter(
    ({ id }) => Object.hasOwn(responses, id) && (asked === undefined || asked.includes(id)),
  );
  for (const approval of answered) {
    const refusal = await decide(caller, approval, responses[approval.id]);
    if (refusal) return refusal;
  }
  return undefined;
}

async function decide(caller: Caller, approval: Approval, response: unknown): Promise<Refusal | undefined> {
  const decision = readDecision(approval, response);
  if (decision === undefined) return undefined;
  const decided = await enter(caller, {
    contract: decideApprovalContract,
    given: { params: { id: approval.id }, body: decision },
    act: (admitted, { params, body }, newId) => decideApproval(admitted, { ...params, ...body, newId }),
  });
  // Somebody else was faster: the question is answered, if not by this caller.
  return "refused" in decided && decided.refused !== "already-decided" ? decided : undefined;
}
