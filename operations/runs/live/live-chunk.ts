import * as v from "valibot";
import type { LiveEntry } from "#/lib/cloud/live-output.ts";
import { ToolProgress } from "#/operations/runs/live/events.ts";

const ofTask = { step: v.string(), taskId: v.string() };

/** The pieces that a run writes to its live output. */
const LiveChunk = v.variant("type", [
  v.object({ type: v.literal("started"), ...ofTask, attempt: v.number(), startedAt: v.number() }),
  v.object({ type: v.literal("delta"), ...ofTask, offset: v.number(), text: v.string() }),
  v.variant("state", [
    v.object({
      type: v.literal("tool"),
      ...ofTask,
      tool: v.string(),
      state: v.literal("started"),
      input: v.unknown(),
    }),
    v.object({
      type: v.literal("tool"),
      ...ofTask,
      tool: v.string(),
      state: v.literal("working"),
      ...ToolProgress,
    }),
    v.object({
      type: v.literal("tool"),
      ...ofTask,
      tool: v.string(),
      state: v.picklist(["succeeded", "failed"]),
      durationMs: v.number(),
    }),
  ]),
  v.object({ type: v.literal("aside"), ...ofTask, tokens: v.number(), costUsd: v.number() }),
  v.object({ type: v.literal("committed"), seq: v.number() }),
]);
type LiveChunk = v.InferOutput<typeof LiveChunk>;
export type TaskChunk = Exclude<LiveChunk, { readonly type: "committed" }>;

/** @returns undefined for what a newer version of the code has written */
export function parseChunk(chunk: LiveEntry["chunks"][number] | undefined): LiveChunk | undefined {
  const parsed = v.safeParse(LiveChunk, chunk);
  return parsed.success ? parsed.output : undefined;
}
