import {
  type CallToolResult,
  inputRequired,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { hashJson } from "#/lib/json-hash.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import type { CallableWorkflow } from "#/db/callable-workflows.ts";
import type { Run } from "#/db/runs.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { answerRefusal } from "#/operations/mcp/answer.ts";
import { answerQuestions } from "#/operations/mcp/answer-questions.ts";
import { enter } from "#/operations/mcp/enter.ts";
import { answerEnded, answerUnderWay, findPages } from "#/operations/mcp/outcome.ts";
import { elicitation } from "#/operations/mcp/elicitation.ts";
import { pickAnswerable, type Watched, watchRun } from "#/operations/mcp/run-watch.ts";
import { readAbilities, type Session } from "#/operations/mcp/session.ts";
import { type CallState, stateCodec } from "#/operations/mcp/state.ts";
import { describeTask, type TaskResult } from "#/operations/mcp/task.ts";
import { startRunContract } from "#/operations/runs/contract.ts";
import { startRun } from "#/operations/runs/start.ts";

/** One call of a workflow's tool. */
export interface WorkflowCall {
  readonly tool: string;
  readonly workflow: CallableWorkflow;
  readonly args: Readonly<Record<string, unknown>>;
}

type Answer = CallToolResult | InputRequiredResult | TaskResult;

/**
 * Runs a workflow that is called as a tool. The run is stored before anything is answered. Clients of the tasks extension get it as a task; others wait for its
 * end for a while, are asked what its approvals ask if they can be, and else learn where the run is.
 */
export async function callWorkflow(
  session: Session,
  call: WorkflowCall,
  context: ServerContext,
): Promise<Answer> {
  const runId = await findOrStartRun(session, call, context);
  if (typeof runId !== "string") return answerRefusal(runId);
  if (session.era === "modern" && readAbilities(context).takesTasks)
    return { resultType: "task", content: [], ...(await describeTask(session.caller, runId)) };
  const watched = await watchRun(session.caller, {
    id: runId,
    forMs: patienceMs(context),
    signal: context.mcpReq.signal,
    told: progressTeller(context),
  });
  if (!watched) throw new Error(`Run ${runId} was started by a call and is gone.`);
  return answerWatched(session, { call, context, watched });
}

/** @returns the id of the run, or why none was started */
async function findOrStartRun(
  session: Session,
  call: WorkflowCall,
  context: ServerContext,
): Promise<string | Refusal> {
  const state = context.mcpReq.requestState<CallState>();
  if (!state) return startCalled(session, call, context);
  if (state.tool !== call.tool || state.argumentsHash !== hashJson(call.args))
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      "This requestState belongs to a call with another tool or other arguments. Repeat that call as it was.",
    );
  const refusal = await answerQuestions(session.caller, {
    runId: state.runId,
    asked: state.asked,
    responses: context.mcpReq.inputResponses ?? {},
  });
  return refusal ?? state.runId;
}

async function startCalled(
  { caller, idempotencyKey }: Session,
  { workflow, args }: WorkflowCall,
  { mcpReq }: ServerContext,
): Promise<string | Refusal> {
  if (mcpReq.inputResponses !== undefined)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      "These answers come without the requestState of their questions. Send it along.",
    );
  const { _meta: meta, signal } = mcpReq;
  // Said by whoever may spend: a start that is likely to cost much is refused without it.
  const consent = isJsonObject(meta) && meta["cairn/consent"] === true;
  const started = await enter(caller, {
    contract: startRunContract,
    given: { params: { id: workflow.id }, body: { input: args, consent } },
    idempotencyKey,
    act: (admitted, { params, query, body }) =>
      startRun(admitted, { ...params, ...query, ...body, idempotencyKey, signal }),
  });
  if ("refused" in started) return started;
  return "ended" in started ? started.ended.id : started.started.id;
}

/** Clients give up on a call after a minute. */
const PATIENCE_MS = 45_000;

/** The patience of the caller: `cairn/waitSeconds` of the call, 45 seconds unless it says less. */
function patienceMs({ mcpReq: { _meta: meta } }: ServerContext): number {
  const asked = isJsonObject(meta) ? meta["cairn/waitSeconds"] : undefined;
  return typeof asked === "number" ? Math.min(Math.max(asked, 0) * 1_000, PATIENCE_MS) : PATIENCE_MS;
}

/** Counts what it tells: by the protocol each number is larger than the one before, and a run may change without a step being done. */
function progressTeller({ mcpReq }: ServerContext): (run: Run) => Promise<void> {
  const { _meta: meta } = mcpReq;
  let progress = 0;
  return async ({ step, status }) => {
    if (meta?.progressToken === undefined) return;
    progress += 1;
    const { progressToken } = meta;
    const params = { progressToken, progress, message: `${status}, ${step} steps done` };
    await mcpReq.notify({ method: "notifications/progress", params });
  };
}

interface Seen {
  readonly call: WorkflowCall;
  readonly context: ServerContext;
  readonly watched: Watched;
}

async function answerWatched({ caller, era }: Session, { call, context, watched }: Seen): Promise<Answer> {
  const { run, open } = watched;
  if (isEnded(run.status)) return answerEnded(run, await findPages(caller));
  const canAsk = era === "modern" && readAbilities(context).answersQuestions;
  const declined = Object.keys(context.mcpReq.inputResponses ?? {});
  // Whoever did not want to answer is not asked the same again: it waits in the inbox.
  const answerable = canAsk ? pickAnswerable(caller.principal, open) : [];
  const questions = answerable.filter(({ id }) => !declined.includes(id));
  if (questions.length === 0) return answerUnderWay(run, open, await findPages(caller));
  const state: CallState = {
    tool: call.tool,
    argumentsHash: hashJson(call.args),
    runId: run.id,
    asked: questions.map(({ id }) => id),
  };
  return inputRequired({
    inputRequests: Object.fromEntries(questions.map((asked) => [asked.id, elicitation(asked)])),
    requestState: await stateCodec(caller).mint(state, context),
  });
}
