import * as v from "valibot";

/** What live events are about. A higher epoch means that the task has begun anew: what a lower one wrote is void. */
export const LiveTask = v.object({ step: v.string(), taskId: v.string(), epoch: v.number() });

/** A tool that a task calls. Its input is cut short. Sent live only; the whole comes with `step`. */
export const ToolActivity = v.variant("state", [
  v.object({ ...LiveTask.entries, tool: v.string(), state: v.literal("started"), input: v.unknown() }),
  v.object({
    ...LiveTask.entries,
    tool: v.string(),
    state: v.picklist(["succeeded", "failed"]),
    durationMs: v.number(),
  }),
  v.object({
    ...LiveTask.entries,
    tool: v.string(),
    state: v.literal("working"),
    progress: v.number(),
    total: v.optional(v.number()),
    message: v.optional(v.string()),
  }),
]);
