import * as v from "valibot";
import type { StepLog } from "#/operations/runs/contract.ts";

/** A call of a tool by somebody in a crew. */
export interface CrewToolCall {
  readonly id: string;
  readonly tool: string;
  readonly input: unknown;
  /** Of its last line in the log, failed where the model was told so; pending while there is none. */
  readonly status: string;
  /** The answer that the model was given; undefined while there is none. */
  readonly result: unknown;
  readonly error: string | undefined;
  /** True if a person was asked first. */
  readonly wasAsked: boolean;
}

/** One conversation of a crew: the question, the work done for it, and the answer. */
export interface CrewConversation {
  readonly id: string;
  readonly role: string;
  readonly asked: string;
  readonly answer: { readonly value: unknown } | undefined;
  /** Why there is no answer. */
  readonly error: string | undefined;
  readonly status: "succeeded" | "waiting" | "running" | "failed" | "cancelled";
  readonly tools: readonly CrewToolCall[];
  readonly given: readonly CrewConversation[];
}

/** A task of a crew, with all conversations that were had for it. */
interface CrewTaskTree extends CrewConversation {
  readonly step: string;
}

const Line = v.object({
  prompt: v.optional(v.string()),
  crew: v.object({ frame: v.string(), agent: v.string(), role: v.optional(v.string()) }),
});
const Call = v.object({ toolCallId: v.string(), toolName: v.string(), input: v.unknown() });
const Asking = v.object({ calls: v.array(Call) });
const Delegation = v.object({
  coworker: v.string(),
  task: v.optional(v.string()),
  question: v.optional(v.string()),
});

/** A turn of somebody, as the log has it. */
interface Turn {
  readonly frame: string;
  readonly role: string;
  readonly prompt: string | undefined;
  readonly calls: readonly v.InferOutput<typeof Call>[];
  readonly output: unknown;
}

interface Crew {
  readonly turns: ReadonlyMap<string, readonly Turn[]>;
  /** The lines of each conversation and of each call of a tool, by the last part of their key. */
  readonly lines: ReadonlyMap<string, readonly StepLog[]>;
  readonly ended: boolean;
}

/** Puts together who asked whom for each task of a crew. A task that was done several times is shown as the last time. */
export function buildCrew(steps: readonly StepLog[], ended: boolean): readonly CrewTaskTree[] {
  const byStep = Map.groupBy(steps, ({ step }) => step);
  return [...byStep].flatMap(([step, lines]) => {
    const turns = lines.flatMap((line) => readTurn(line));
    const first = turns.findLastIndex(({ frame, prompt }) => frame === "" && prompt !== undefined);
    const root = turns[first];
    if (!root) return [];
    const crew: Crew = {
      turns: Map.groupBy(turns.slice(first), ({ frame }) => frame),
      lines: Map.groupBy(lines, ({ taskId }) => taskId.split(".").at(-1) ?? ""),
      ended,
    };
    const asked = { id: "", key: step, role: root.role, asked: root.prompt ?? "" };
    return [{ step, ...converse(crew, asked) }];
  });
}

function readTurn({ kind, status, input, output }: StepLog): readonly Turn[] {
  const line = v.safeParse(Line, input);
  if (kind !== "model" || status !== "succeeded" || !line.success) return [];
  const { prompt, crew } = line.output;
  const asking = v.safeParse(Asking, output);
  const calls = asking.success ? asking.output.calls : [];
  return [{ frame: crew.frame, role: crew.role ?? crew.agent, prompt, calls, output }];
}

interface Asked {
  readonly id: string;
  readonly key: string;
  readonly role: string;
  readonly asked: string;
}

function converse(crew: Crew, { id, key, role, asked }: Asked): CrewConversation {
  const turns = crew.turns.get(id) ?? [];
  const last = turns.at(-1);
  const calls = turns.flatMap((turn) => turn.calls);
  const given = calls.flatMap((call) => readDelegation(crew, call));
  const tools = calls
    .filter(({ toolCallId }) => given.every((other) => other.id !== toolCallId))
    .map((call) => describeCall(crew, call));
  const answer = last && last.calls.length === 0 ? { value: last.output } : undefined;
  const newest = crew.lines.get(key)?.findLast(({ kind }) => kind === "model");
  const error = answer ? undefined : findFailure(newest);
  const isWaiting = [newest, ...tools, ...given].some((part) => part?.status === "waiting");
  const standing = { isAnswered: answer !== undefined, isFailed: error !== undefined, isWaiting };
  const status = chooseStatus(standing, crew);
  return { id, role: last?.role ?? role, asked, answer, error, status, tools, given };
}

const findFailure = (line: StepLog | undefined): string | undefined =>
  line?.status === "failed" ? line.error?.message : undefined;

interface Standing {
  readonly isAnswered: boolean;
  readonly isFailed: boolean;
  readonly isWaiting: boolean;
}

function chooseStatus(
  { isAnswered, isFailed, isWaiting }: Standing,
  { ended }: Crew,
): CrewConversation["status"] {
  if (isAnswered) return "succeeded";
  if (isFailed) return "failed";
  if (ended) return "cancelled";
  return isWaiting ? "waiting" : "running";
}

/** The answer to a call that could not be made, as the model is told. */
const Refusal = v.strictObject({ error: v.string() });

function describeCall(crew: Crew, { toolCallId, toolName, input }: v.InferOutput<typeof Call>): CrewToolCall {
  const lines = crew.lines.get(toolCallId) ?? [];
  const wasAsked = lines.some((line) => line.status === "waiting");
  return { id: toolCallId, tool: toolName, input, wasAsked, ...readOutcome(lines.at(-1), crew) };
}

/** Reads the outcome of a line; one that had none when the run ended will have none. */
function readOutcome(
  line: StepLog | undefined,
  { ended }: Crew,
): Pick<CrewToolCall, "status" | "result" | "error"> {
  if (!line || line.status === "waiting") {
    const status = ended ? "cancelled" : (line?.status ?? "pending");
    return { status, result: undefined, error: undefined };
  }
  const refusal = v.safeParse(Refusal, line.output);
  if (refusal.success) return { status: "failed", result: undefined, error: refusal.output.error };
  const result = line.status === "succeeded" ? line.output : undefined;
  return { status: line.status, result, error: line.error?.message };
}

function readDelegation(crew: Crew, call: v.InferOutput<typeof Call>): readonly CrewConversation[] {
  const input = v.safeParse(Delegation, call.input);
  const isDelegation = call.toolName === "delegate" || call.toolName === "ask";
  if (!isDelegation || !input.success) return [];
  const { coworker, task, question } = input.output;
  return [
    converse(crew, {
      id: call.toolCallId,
      key: call.toolCallId,
      role: coworker,
      asked: task ?? question ?? "",
    }),
  ];
}
