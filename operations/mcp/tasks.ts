import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as v from "valibot";
import type { Refusal } from "#/lib/http/problem.ts";
import { Id } from "#/lib/http/wire.ts";
import { answerQuestions } from "#/operations/mcp/answer-questions.ts";
import { enter } from "#/operations/mcp/enter.ts";
import { readAbilities, type Session, TASKS } from "#/operations/mcp/session.ts";
import { tellMove } from "#/operations/mcp/tell-move.ts";
import { describeTask, noSuchTask } from "#/operations/mcp/task.ts";
import { cancelRunContract, getRunContract } from "#/operations/runs/contract.ts";
import { cancelRun } from "#/operations/runs/cancel.ts";
import { getRun } from "#/operations/runs/get.ts";

/** The package knows two of these names as those of another era: with a schema they are ours. */
const TaskParams = v.looseObject({ taskId: v.pipe(v.string(), v.maxLength(200)) });

/** Serves runs as tasks: how they are, answers to what they ask, and their end. */
export function serveTasks(server: Server, session: Session): void {
  server.setRequestHandler("tasks/get", { params: TaskParams }, async ({ taskId }, context) => {
    await findTask(session, taskId, context);
    return { ...(await describeTask(session.caller, taskId)) };
  });
  server.setRequestHandler("tasks/update", { params: TaskParams }, async ({ taskId }, context) => {
    await findTask(session, taskId, context);
    // The package takes the answers out of the params of every method: they are only here.
    const responses = context.mcpReq.inputResponses ?? {};
    const refusal = await answerQuestions(session.caller, { runId: taskId, responses });
    if (refusal) throw refusalAsError(refusal);
    return {};
  });
  server.setRequestHandler("tasks/cancel", { params: TaskParams }, async ({ taskId }, context) => {
    await findTask(session, taskId, context);
    const cancelled = await enter(session.caller, {
      contract: cancelRunContract,
      given: { params: { id: taskId } },
      act: (caller, { params }) => cancelRun(caller, params),
    });
    // One that has ended by then stays as it has.
    if ("refused" in cancelled && cancelled.refused !== "wrong-status") throw refusalAsError(cancelled);
    return {};
  });
}

/** Sees to it that the caller speaks of tasks, and of one that the caller may see. */
async function findTask({ caller }: Session, taskId: string, context: ServerContext): Promise<void> {
  if (!readAbilities(context).takesTasks)
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [TASKS]: {} } } });
  if (!v.is(Id, taskId)) throw noSuchTask();
  const run = await enter(caller, {
    contract: getRunContract,
    given: { params: { id: taskId } },
    act: (admitted, { params }) => getRun(admitted, params),
  }).catch(tellMove);
  if (!("refused" in run)) return;
  throw run.refused === "not-found" ? noSuchTask() : refusalAsError(run);
}

function refusalAsError({ detail, errors = [] }: Refusal): ProtocolError {
  const lines = errors.map(({ path, message }) => `${path || "/"}: ${message}`);
  return new ProtocolError(ProtocolErrorCode.InvalidParams, [detail, ...lines].join(" "));
}
