import * as v from "valibot";
import type { StepLog } from "#/operations/runs/contract.ts";

/** A call of a tool by somebody in a crew. */
export interface CrewToolCall {
  readonly id: string;
  readonly tool: string;
  /** Of its last line in the log; pending while there is none. */
  readonly status: string;
}

/** One conversation of a crew: the question, the work done for it, and the answer. */
export interface CrewConversation {
  readonly id: string;
  readonly role: string;
  readonly asked: string;
  readonly answer: { readonly value: unknown } | undefined;
  readonly status: "succeeded" | "waiting" | "running" | "cancelled";
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
  /** The last line of each call of a tool. */
  readonly tools: ReadonlyMap<string, StepLog>;
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
      tools: new Map(lines.map((line) => [line.taskId.split(".").at(-1) ?? "", line])),
      ended,
    };
    return [{ step, ...converse(crew, { id: "", role: root.role, asked: root.prompt ?? "" }) }];
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
  readonly role: string;
  readonly asked: string;
}

function converse(crew: Crew, { id, role, asked }: Asked): CrewConversation {
  const turns = crew.turns.get(id) ?? [];
  const last = turns.at(-1);
  const calls = turns.flatMap((turn) => turn.calls);
  const given = calls.flatMap((call) => readDelegation(crew, call));
  const tools = calls
    .filter(({ toolCallId }) => given.every((other) => other.id !== toolCallId))
    .map(({ toolCallId, toolName }) => ({
      id: toolCallId,
      tool: toolName,
      status: crew.tools.get(toolCallId)?.status ?? "pending",
    }));
  const answer = last && last.calls.length === 0 ? { value: last.output } : undefined;
  const open = [...tools, ...given].some((part) => part.status === "waiting");
  const status = answer ? "succeeded" : crew.ended ? "cancelled" : open ? "waiting" : "running";
  return { id, role: last?.role ?? role, asked, answer, status, tools, given };
}

function readDelegation(crew: Crew, call: v.InferOutput<typeof Call>): readonly CrewConversation[] {
  const input = v.safeParse(Delegation, call.input);
  const isDelegation = call.toolName === "delegate" || call.toolName === "ask";
  if (!isDelegation || !input.success) return [];
  const { coworker, task, question } = input.output;
  return [converse(crew, { id: call.toolCallId, role: coworker, asked: task ?? question ?? "" })];
}
