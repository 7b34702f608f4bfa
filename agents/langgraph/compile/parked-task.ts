import { HOLD_KINDS } from "#/agents/vocabulary/wait.ts";
import * as v from "valibot";
import { type Channels, PARKED, type Update } from "#/agents/steps/node.ts";
import { isJsonObject } from "#/lib/json-object.ts";

const Json = v.record(v.string(), v.unknown());

/**
 * A task that waits: for an answer, or for its next try. Its superstep is over, and nothing that follows it has begun. When the wait is over its node runs
 * again, on what it saw the first time: what a person has approved does not change because something beside it continued.
 */
export const ParkedTask = v.object({
  /** Of its wait. */
  id: v.string(),
  node: v.string(),
  on: v.picklist(HOLD_KINDS),
  /** The superstep in which it began: its idempotency key is made of it. */
  superstep: v.number(),
  /** The answers to its earlier questions, in the order in which it asks. */
  answers: v.array(v.unknown()),
  /** The part of the task that has asked each of its questions, the open one included; empty for the task itself. Without: only the task has asked. */
  askers: v.optional(v.array(v.string())),
  /** Results of its calls so far, by their names. */
  results: Json,
  /** Set where the end of its wait is no answer, nor another try: it waited for its turn. */
  begins: v.optional(v.literal("anew")),
  /** Failed tries since its last question. */
  failures: v.number(),
  /** Why it is tried again. */
  error: v.optional(v.object({ code: v.string(), message: v.string(), step: v.optional(v.string()) })),
  /** The channels of the state that it saw, as far as it reads them; without: it sees the state of now. */
  seen: v.optional(Json),
  /** The input it was sent, if it was sent one in place of the channels. */
  sent: v.optional(Json),
});
export type ParkedTask = Readonly<v.InferOutput<typeof ParkedTask>>;

/** The channel in which a Send to the node of a parked task carries the task. */
const RESUMED = "run.resumed";

export const toResumed = (task: ParkedTask): Update => ({ [RESUMED]: task });

/** The parked task that a node is to continue with. */
export function resumedIn(channels: Channels): ParkedTask | undefined {
  const task = channels[RESUMED];
  return task === undefined ? undefined : v.parse(ParkedTask, task);
}

/** The nodes of tasks that wait. */
export function parkedNodes(channels: Channels): readonly string[] {
  const parked = channels[PARKED];
  return isJsonObject(parked)
    ? Object.values(parked).flatMap((task) =>
        isJsonObject(task) && typeof task["node"] === "string" ? [task["node"]] : [],
      )
    : [];
}
