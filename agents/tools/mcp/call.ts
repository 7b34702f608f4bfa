import { StepError } from "#/agents/steps/step-error.ts";
import { decideDrift, FIRST_CALL } from "#/agents/tools/mcp/drift.ts";
import { exchangeOnce, type ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { askPeople } from "#/agents/tools/mcp/questions.ts";
import { followTask } from "#/agents/tools/mcp/remote-task.ts";
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
    if (outcome.kind === "result") return readResult(outcome.result);
    if (outcome.kind === "task") {
      const { task, runId } = outcome;
      const isTakenOver = runId !== undefined && runId !== call.context.runId;
      const end = await followTask(call, { task, isTakenOver, prefix });
      if (end.kind === "result") return readResult(end.result);
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
