import * as v from "valibot";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ChosenTool } from "#/agents/tools/mcp/ports.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const Request = v.object({ method: v.string(), params: v.optional(v.custom<JsonObject>(isJsonObject), {}) });

/** A task as its server tells of it. */
export const ToldTask = v.looseObject({
  taskId: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  status: v.picklist(["working", "input_required", "completed", "failed", "cancelled"]),
  statusMessage: v.optional(v.string()),
  pollIntervalMs: v.optional(v.number(), 1_000),
  inputRequests: v.optional(v.record(v.string(), Request), {}),
  result: v.optional(v.custom<JsonObject>(isJsonObject), {}),
  error: v.optional(v.looseObject({ message: v.optional(v.string(), "") })),
});
export type ToldTask = v.InferOutput<typeof ToldTask>;

/** @throws StepError */
export function readTask({ server }: ChosenTool, value: JsonObject): ToldTask {
  const read = v.safeParse(ToldTask, value);
  if (read.success) return read.output;
  throw new StepError("mcp-error", `${server} tells of a task in a form that cannot be read.`);
}

const OVER: ReadonlySet<unknown> = new Set(["completed", "failed", "cancelled"]);

/** Returns whether a server does nothing more for a task that it tells of. */
export const isOver = ({ status }: { readonly status?: unknown }): boolean => OVER.has(status);
