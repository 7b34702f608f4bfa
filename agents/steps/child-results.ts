import * as v from "valibot";

const ChildResult = v.object({
  runId: v.string(),
  status: v.string(),
  output: v.optional(v.unknown()),
  error: v.nullish(v.object({ code: v.string(), message: v.string(), step: v.optional(v.string()) })),
});

/** How a run that was started by a run has ended. */
export type ChildResult = Readonly<v.InferOutput<typeof ChildResult>>;

/** How the runs that a run has waited for have ended, in the order in which they were asked for. */
export const ChildResults = v.array(ChildResult);
