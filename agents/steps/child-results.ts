import * as v from "valibot";

const ChildResult = v.object({
  runId: v.string(),
  status: v.string(),
  output: v.optional(v.unknown()),
  error: v.nullish(v.object({ code: v.string(), message: v.string(), step: v.optional(v.string()) })),
});

/** The end of a run that was started by a run. */
export type ChildResult = Readonly<v.InferOutput<typeof ChildResult>>;

/** The ends of the runs that a run has waited for, in the order in which they were asked for. */
export const ChildResults = v.array(ChildResult);
