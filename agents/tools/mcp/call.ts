import { StepError } from "#/agents/steps/step-error.ts";
import { decideDrift, FIRST_CALL } from "#/agents/tools/mcp/drift.ts";
import { exchangeOnce, type ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { askPeople } from "#/agents/tools/mcp/questions.ts";
import { followTask } from "#/agents/tools/mcp/remote-task.ts";
import { findMisfits } from "#/agents/definition/schema/fit.ts";
import { readResult } from "#/agents/tools/mcp/result-value.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** A server that asks again and again asks for nothing. */
const MOST_ROUNDS = 10;

/**
 * Calls a tool on its server. What the server asks becomes a question to a person, and what takes it a while is asked for later; each exchange is
 * journaled, so that none is made twice.
 */
export async function callOnServer(call: ServerCall, input: unknown): Promise<unknown> {
  await decideDrift(call);
  const given = isJsonObject(input) ? input : {};
  let prefix = "";
  let more: JsonObject = {};
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const params = { name: call.chosen.trusted.name, arguments: given, ...more };
    const outcome = await exchangeOnce(call, {
      key: round === 0 ? FIRST_CALL : `${prefix}call-${round}`,
      method: "tools/call",
      params,
    });
    if (outcome.kind === "result")
      return outcome.isAssumed ? readResult(outcome.result) : readFitting(call, outcome.result);
    if (outcome.kind === "task") {
      const { task, runId } = outcome;
      const isTakenOver = runId !== undefined && runId !== call.context.runId;
      const end = await followTask(call, { task, isTakenOver, prefix });
      if (end.kind === "result") return readFitting(call, end.result);
      // This run begins one of its own, and the runs that take over from it will not take that for theirs.
      [prefix, more] = [`${call.context.runId}-`, {}];
    } else
      more = {
        inputResponses: askPeople(call, outcome.inputRequests),
        ...(outcome.requestState !== undefined && { requestState: outcome.requestState }),
      };
  }
  throw new StepError(
    "mcp-error",
    `${call.chosen.server} asked for input ${MOST_ROUNDS} times and did nothing.`,
  );
}

const MOST_MISFITS = 5;

/** Reads a result. What it says that it is, it has to be: steps behind rely on it. @throws StepError where it does not fit the tool's own schema */
function readFitting({ chosen }: ServerCall, result: JsonObject): unknown {
  const { outputSchema } = chosen.trusted;
  const { structuredContent } = result;
  const misfits =
    outputSchema === undefined || structuredContent === undefined
      ? []
      : findMisfits(outputSchema, structuredContent);
  if (misfits.length === 0) return readResult(result);
  const told = misfits.slice(0, MOST_MISFITS).map(({ path, message }) => `${path || "/"} ${message}`);
  throw new StepError(
    "mcp-misfit",
    `${chosen.name} was called, and its answer does not fit its own output schema: ${told.join("; ")}`,
  );
}
