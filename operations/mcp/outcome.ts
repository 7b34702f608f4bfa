import type { CallToolResult } from "@modelcontextprotocol/server";
import { isUnsuccessful } from "#/agents/vocabulary/run.ts";
import type { Approval } from "#/db/approvals.ts";
import type { Run } from "#/db/runs.ts";
import { getWorkspace } from "#/db/workspaces.ts";
import { env } from "#/lib/env.ts";
import type { Caller } from "#/operations/caller.ts";
import { answerWith } from "#/operations/mcp/answer.ts";

/** The pages of a workspace that an answer points people to. */
export interface Pages {
  readonly inbox: string;
  readonly run: (id: string) => string;
}

/** Finds the addresses of the workspace's inbox and of its runs' pages. */
export async function findPages({ tenant }: Caller): Promise<Pages> {
  const home = `${env().appUrl}/${(await getWorkspace(tenant))?.slug ?? ""}`;
  return { inbox: `${home}/inbox`, run: (id) => `${home}/runs/${id}` };
}

/** Answers with the output of a run that has ended, or why there is none. A run that has failed is an answer with `isError`, not an error of the protocol. */
export function answerEnded({ id, status, output, error }: Run, pages: Pages): CallToolResult {
  if (!isUnsuccessful(status)) return answerWith(output, pages.run(id));
  const why =
    error === null ? "" : ` ${error.message}${error.step === undefined ? "" : ` (step ${error.step})`}`;
  return {
    content: [{ type: "text", text: `The run has ${ENDS[status]}.${why} It is at ${pages.run(id)}` }],
    structuredContent: { runId: id, status, error },
    isError: true,
  };
}

const ENDS = { failed: "failed", timed_out: "timed out", cancelled: "been cancelled" } as const;

/** Answers for a run that is under way: where it is, how to ask again, and what people are asked meanwhile. */
export function answerUnderWay(
  { id, status, waitingOn, step }: Run,
  approvals: readonly Approval[],
  pages: Pages,
): CallToolResult {
  const questions = approvals.map(({ title }) => `“${title}”`).join(", ");
  const told =
    approvals.length > 0
      ? `It waits for a person: ${questions}. Somebody has to answer in the inbox: ${pages.inbox}`
      : `It is ${status}, and continues by itself.`;
  return {
    content: [
      {
        type: "text",
        text: `The run ${id} has not ended. ${told}\nAsk get_run for its result later; cancel_run ends it.`,
      },
    ],
    structuredContent: {
      runId: id,
      status,
      waitingOn,
      step,
      url: pages.run(id),
      ...(approvals.length > 0 && { inbox: pages.inbox, approvals: approvals.map(showApproval) }),
    },
  };
}

/** Shows the decision to be made, as far as a model or program needs it. */
export function showApproval({ id, runId, step, title, description, shown, actions, form }: Approval) {
  return { id, runId, step, title, description, shown, actions, form };
}
