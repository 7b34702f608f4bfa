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

/** A server's progress with a request. */
export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** Something that a server asks while it works on a request. */
export interface ServerRequest {
  readonly id: string | number;
  readonly method: string;
}

type Message =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "progress"; readonly progress: Progress }
  | ({ readonly kind: "request" } & ServerRequest);

const ProgressTold = v.object({
  method: v.literal("notifications/progress"),
  params: v.object({
    progressToken: v.union([v.string(), v.number()]),
    progress: v.pipe(v.number(), v.finite()),
    total: v.optional(v.pipe(v.number(), v.finite())),
    message: v.optional(v.string()),
  }),
});
const Asked = v.object({
  id: v.union([v.pipe(v.string(), v.maxLength(1_000)), v.number()]),
  method: v.string(),
});
const LONGEST_PROGRESS = 200;

/** Returns what a message of a server is about while request `id` is under way; undefined for what is of no concern to it. */
export function readMessage(text: string, id: string): Message | undefined {
  const value = readValue(text);
  const answer = toAnswer(value, id);
  if (answer) return { kind: "answer", answer };
  const told = v.safeParse(ProgressTold, value);
  if (told.success) {
    const { progressToken, message, ...progress } = told.output.params;
    return progressToken === id
      ? { kind: "progress", progress: { ...progress, message: message?.slice(0, LONGEST_PROGRESS) } }
      : undefined;
  }
  const asked = v.safeParse(Asked, value);
  return asked.success ? { kind: "request", ...asked.output } : undefined;
}

/** Returns the answer to request `id` that a text is, if it is one: notifications, other answers and what is no JSON are none. */
export const readAnswer = (text: string, id: string): Answer | undefined => toAnswer(readValue(text), id);

function readValue(text: string): unknown {
  const value = parsed(text);
  return isDeeper(value, DEEPEST) ? undefined : value;
}

function toAnswer(value: unknown, id: string): Answer | undefined {
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
