import * as v from "valibot";
import { Id, Timestamp } from "#/lib/http/wire.ts";
import { Run, RunAccount, RunStatus, RunSummary, StepLog, Used } from "#/operations/runs/contract.ts";

/** The task that a live event is about. A higher epoch means that the task has begun anew: what a lower one wrote is void. */
const LiveTask = v.object({ step: v.string(), taskId: v.string(), epoch: v.number() });
/** A task has begun. Sent live only. */
const StepStarted = v.object({ ...LiveTask.entries, attempt: v.number(), startedAt: Timestamp });
/** A piece of the text that a task's model is writing, and where it begins in it (in UTF-16 units). Sent live only; the whole text comes with `step`. */
const StepDelta = v.object({ ...LiveTask.entries, offset: v.number(), text: v.string() });
/** What a tool tells of its progress while it works. */
export const ToolProgress = {
  progress: v.number(),
  total: v.optional(v.number()),
  message: v.optional(v.string()),
};
/** A tool that a task calls. Its input is cut short. Sent live only; the whole comes with `step`. */
const ToolActivity = v.variant("state", [
  v.object({ ...LiveTask.entries, tool: v.string(), state: v.literal("started"), input: v.unknown() }),
  v.object({ ...LiveTask.entries, tool: v.string(), state: v.literal("working"), ...ToolProgress }),
  v.object({
    ...LiveTask.entries,
    tool: v.string(),
    state: v.picklist(["succeeded", "failed"]),
    durationMs: v.number(),
  }),
]);
/** The most that a task's model call may use, as long as it is under way. Sent live only, and only where no other run spends of the same budget. */
const SetAside = v.object({ ...LiveTask.entries, ...Used.entries });

/** A run below the one that is followed: one that it has started, or a run that such a one has started. */
const RunBelow = v.object({
  runId: Id,
  /** The steps that lead to it, from the run that is followed down, and which item of its list a map gave to the run. */
  path: v.array(v.object({ step: v.string(), item: v.nullable(v.number()) })),
});

/** The data of each event of GET /api/v1/runs/{id}/events, by its name. */
export const RunEvents = v.object({
  run: Run,
  /** A change of the run's account where that is all. */
  account: RunAccount,
  step: StepLog,
  started: StepStarted,
  delta: StepDelta,
  tool: ToolActivity,
  aside: SetAside,
  /** With `children` only: a run below it is new, or has changed. */
  child: v.object({ ...RunBelow.entries, run: RunSummary }),
  /** With `children` only: a line of the log of a run below it. The same line, by run and `seq`, may come again after a reconnection. */
  childStep: v.object({ ...RunBelow.entries, line: StepLog }),
  /** With `children` only: it has more runs below it than a stream follows. */
  childrenBeyond: v.object({ followed: v.number() }),
  end: v.object({ status: RunStatus }),
  /** The caller may not read the run any more: the server closes, and would refuse to open the stream again. */
  refused: v.object({ code: v.string(), detail: v.string() }),
});
export type RunEvents = v.InferOutput<typeof RunEvents>;
