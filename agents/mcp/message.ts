import * as v from "valibot";
import { isModern } from "#/agents/mcp/dialect.ts";
import type { Dialect } from "#/agents/vocabulary/mcp.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { parseJson } from "#/lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const Answer = v.looseObject({
  jsonrpc: v.literal("2.0"),
  id: v.optional(v.nullable(v.union([v.string(), v.number()])), null),
  result: v.optional(v.custom<JsonObject>(isJsonObject)),
  error: v.optional(v.looseObject({ code: v.number(), message: v.string(), data: v.optional(v.unknown()) })),
});

/** A JSON-RPC response. */
export type Answer = v.InferOutput<typeof Answer>;

/** Everything behind this walks values by recursion. */
const DEEPEST = 100;
const LONGEST_MESSAGE = 2_000;

/** Returns the answer to request `id` that a text is, if it is one: notifications, other answers and what is no JSON are none. */
export function readAnswer(text: string, id: string): Answer | undefined {
  const value = parsed(text);
  if (value === undefined || isDeeper(value, DEEPEST)) return undefined;
  const read = v.safeParse(Answer, value);
  if (!read.success) return undefined;
  const answer = read.output;
  // A server that could not even read the id answers without one.
  const isOurs = answer.id === id || (answer.id === null && answer.error !== undefined);
  return isOurs && (answer.result ?? answer.error) ? answer : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Returns whether a value is nested more than `most` levels. Looked at without recursion: that is what it protects. */
export function isDeeper(root: unknown, most: number): boolean {
  let level: readonly unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value).filter(isContainer) : [],
    );
  }
  return false;
}

const isContainer = (value: unknown) => typeof value === "object" && value !== null;

/** Reads what an answer means. */
export function readMeaning(dialect: Dialect, answer: Answer): Outcome {
  const { result = {}, error } = answer;
  if (error)
    return {
      kind: "error",
      code: error.code,
      message: error.message.slice(0, LONGEST_MESSAGE),
      data: error.data,
    };
  const type = result["resultType"] ?? (isModern(dialect) ? undefined : "complete");
  const read =
    typeof type === "string" && Object.hasOwn(BY_RESULT_TYPE, type) ? BY_RESULT_TYPE[type] : unread;
  return read?.(result) ?? unread(result);
}

const BY_RESULT_TYPE: Readonly<Record<string, (result: JsonObject) => Outcome>> = {
  complete: (result) => ({ kind: "result", result }),
  task: (result) => ({ kind: "task", task: result }),
  input_required: questionsIn,
};

/** Returns the outcome of a call that was done, perhaps, and whose result cannot be told. */
const unread = (result: JsonObject): Outcome => ({
  kind: "unknown",
  reason: `It answered with the result type ${JSON.stringify(result["resultType"] ?? null).slice(0, 100)}, which is not known here.`,
});

const Questions = v.looseObject({
  inputRequests: v.optional(
    v.record(
      v.pipe(v.string(), v.maxLength(200)),
      v.looseObject({ method: v.string(), params: v.optional(v.custom<JsonObject>(isJsonObject), {}) }),
    ),
    {},
  ),
  requestState: v.optional(v.string()),
});

function questionsIn(result: JsonObject): Outcome {
  const read = v.safeParse(Questions, result);
  if (!read.success)
    return { kind: "error", code: 0, message: "The server asks for input in a form that cannot be read." };
  const { inputRequests, requestState } = read.output;
  return { kind: "input_required", inputRequests, requestState };
}
