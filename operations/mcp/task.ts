import {
  type CallToolResult,
  type InputRequest,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { isEnded } from "#/agents/vocabulary/run.ts";
import type { Caller } from "#/operations/caller.ts";
import { elicitation } from "#/operations/mcp/elicitation.ts";
import { answerEnded, findPages } from "#/operations/mcp/outcome.ts";
import { lookAtRun, pickAnswerable, type Watched } from "#/operations/mcp/run-watch.ts";

/** A run as the tasks extension shows it. */
export interface Task {
  readonly taskId: string;
  readonly status: "working" | "input_required" | "completed" | "cancelled";
  readonly statusMessage?: string;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  readonly ttlMs: null;
  readonly pollIntervalMs: number;
  readonly inputRequests?: Readonly<Record<string, InputRequest>>;
  readonly result?: CallToolResult;
}

/** The answer to a call that continues as a task. The protocol's package wants `content` in every answer of a tool. */
export type TaskResult = Task & {
  readonly resultType: "task";
  readonly content: never[];
  readonly [key: string]: unknown;
};

const POLL_MS = 1_000;

/** Describes a run as a task. @throws an error of the protocol when there is no such run here */
export async function describeTask(caller: Caller, runId: string): Promise<Task> {
  const watched = await lookAtRun(caller, runId);
  if (!watched) throw noSuchTask();
  const { run } = watched;
  const base = {
    taskId: run.id,
    createdAt: run.createdAt,
    lastUpdatedAt: run.finishedAt ?? run.startedAt ?? run.createdAt,
    ttlMs: null,
    pollIntervalMs: POLL_MS,
  };
  // A rejected run is cancelled here and completed there: it has an outcome, which says so.
  if (run.status === "cancelled" && run.error?.code !== "rejected") return { ...base, status: "cancelled" };
  if (isEnded(run.status))
    return { ...base, status: "completed", result: answerEnded(run, await findPages(caller)) };
  return { ...base, ...(await describeOpen(caller, watched)) };
}

async function describeOpen(
  caller: Caller,
  { run, open }: Watched,
): Promise<Pick<Task, "status" | "statusMessage" | "inputRequests">> {
  if (open.length === 0) return { status: "working", statusMessage: `${run.status}, ${run.step} steps done` };
  const questions = pickAnswerable(caller.principal, open);
  if (questions.length === 0) {
    const { inbox } = await findPages(caller);
    return { status: "working", statusMessage: `Waits for a person to answer in the inbox: ${inbox}` };
  }
  return {
    status: "input_required",
    statusMessage: questions.map(({ title }) => title).join("; "),
    inputRequests: Object.fromEntries(questions.map((approval) => [approval.id, elicitation(approval)])),
  };
}

/** The error for a task that does not exist, or not in this workspace: both look the same. */
export function noSuchTask(): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such task in this workspace.");
}
