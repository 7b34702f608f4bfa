import * as v from "valibot";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { Id, JsonObject, VersionNumber } from "#/lib/http/wire.ts";
import { DecideApproval, decideApprovalContract } from "#/operations/approvals/contract.ts";
import { decideApproval } from "#/operations/approvals/decide.ts";
import type { Caller } from "#/operations/caller.ts";
import { enter } from "#/operations/mcp/enter.ts";
import { answerEnded, answerUnderWay, findPages, showApproval } from "#/operations/mcp/outcome.ts";
import { lookAtRun } from "#/operations/mcp/run-watch.ts";
import { defineTool } from "#/operations/mcp/tools/tool.ts";
import {
  cancelRunContract,
  getRunContract,
  listStepsContract,
  startRunContract,
} from "#/operations/runs/contract.ts";
import { cancelRun } from "#/operations/runs/cancel.ts";
import { getRun } from "#/operations/runs/get.ts";
import { listSteps } from "#/operations/runs/list-steps.ts";
import { startRun } from "#/operations/runs/start.ts";

const RunArgument = v.object({ run: v.pipe(Id, v.description("The id of a run.")) });

/** Reads a run with the permission and bounds of its route. */
const readRun = (caller: Caller, id: string) =>
  enter(caller, {
    contract: getRunContract,
    given: { params: { id } },
    act: (admitted, { params }) => getRun(admitted, params),
  });

const getRunTool = defineTool({
  name: "get_run",
  description:
    "Returns what a run has given, or why it failed; of one that has not ended, where it is and whom it waits for.",
  input: RunArgument,
  contract: getRunContract,
  isReadOnly: true,
  act: async ({ caller }, { run: id }) => {
    const run = await readRun(caller, id);
    if ("refused" in run) return run;
    const pages = await findPages(caller);
    if (isEnded(run.status)) return { told: answerEnded(run, pages) };
    const open = (await lookAtRun(caller, id))?.open ?? [];
    return { told: answerUnderWay(run, open, pages) };
  },
});

const cancelRunTool = defineTool({
  name: "cancel_run",
  description: "Ends a run now, with all that it has started.",
  input: RunArgument,
  contract: cancelRunContract,
  act: async ({ caller }, { run: id }) => {
    const run = await enter(caller, {
      contract: cancelRunContract,
      given: { params: { id } },
      act: (admitted, { params }) => cancelRun(admitted, params),
    });
    return "refused" in run ? run : { shown: { runId: run.id, status: run.status } };
  },
});

const startTool = defineTool({
  name: "start",
  description:
    "Starts a run of a workflow and returns its id; with `wait`, the finished run if it ends within so many seconds. A repeated call with the same idempotencyKey starts none.",
  input: v.object({
    workflow: v.pipe(Id, v.description("The id of a published workflow; list_workflows has them.")),
    input: v.optional(v.pipe(JsonObject, v.description("Fits the workflow's input schema."))),
    version: v.optional(v.pipe(VersionNumber, v.description("The published version unless given."))),
    consent: v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          "Where a start is refused for what it is likely to cost: true once a person has agreed.",
        ),
      ),
    ),
    wait: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(45))),
    idempotencyKey: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
  }),
  contract: startRunContract,
  act: async (session, { workflow: id, wait = 0, idempotencyKey: given, ...body }, signal) => {
    const idempotencyKey = given ?? session.idempotencyKey;
    const run = await enter(session.caller, {
      contract: startRunContract,
      given: { params: { id }, query: { wait: String(wait) }, body },
      idempotencyKey,
      act: (admitted, { params, query, body: asked }) =>
        startRun(admitted, { ...params, ...query, ...asked, idempotencyKey, signal }),
    });
    if ("refused" in run) return run;
    if ("started" in run) return { shown: { runId: run.started.id, status: run.started.status } };
    return { told: answerEnded(run.ended, await findPages(session.caller)) };
  },
});

/** Lines of a run's log that are read at once. */
const NEWEST_LINES = "100";

const runStatusTool = defineTool({
  name: "run_status",
  description:
    "Returns how a run is doing: status, error, usage, open approvals (for decide) and its log: each step with its result, error and duration.",
  input: v.object({
    ...RunArgument.entries,
    cursor: v.optional(v.pipe(v.string(), v.maxLength(200), v.description("nextCursor of the page before."))),
  }),
  contract: listStepsContract,
  isReadOnly: true,
  act: async ({ caller }, { run: id, cursor }) => {
    const run = await readRun(caller, id);
    if ("refused" in run) return run;
    const log = await enter(caller, {
      contract: listStepsContract,
      given: { params: { id }, query: { limit: NEWEST_LINES, ...(cursor !== undefined && { cursor }) } },
      act: (admitted, { params, query }) => listSteps(admitted, { ...params, ...query }),
    });
    if ("refused" in log) return log;
    const open = (await lookAtRun(caller, id))?.open ?? [];
    const { status, waitingOn, error, usage, workflowName, version, createdAt, finishedAt } = run;
    return {
      shown: {
        run: { id, workflowName, version, status, waitingOn, error, usage, createdAt, finishedAt },
        approvals: open.map(showApproval),
        steps: log.items.map(({ step, kind, status: state, output, error: failure, durationMs }) => ({
          step,
          kind,
          status: state,
          output,
          error: failure,
          durationMs,
        })),
        nextCursor: log.nextCursor,
      },
    };
  },
});

const decideTool = defineTool({
  name: "decide",
  description:
    "Decides an open approval, once: one of its actions, with values that fit its form where it has one. Decide for a person only what that person has told you.",
  input: v.object({
    approval: v.pipe(Id, v.description("The id of an open approval; run_status lists them.")),
    ...DecideApproval.entries,
  }),
  contract: decideApprovalContract,
  act: async ({ caller }, { approval: id, ...body }) => {
    const approval = await enter(caller, {
      contract: decideApprovalContract,
      given: { params: { id }, body },
      act: (admitted, { params, body: decision }, newId) =>
        decideApproval(admitted, { ...params, ...decision, newId }),
    });
    if ("refused" in approval) return approval;
    const { status, action, runId } = approval;
    return { shown: { approval: id, runId, status, action } };
  },
});

/** Tools to start, follow, answer and end runs. */
export const RUN_TOOLS = [startTool, getRunTool, runStatusTool, cancelRunTool, decideTool];
