import type { ModelMessage } from "ai";
import { callsIn, lastAnswered, type ToolCall } from "#/agents/steps/agent/conversation.ts";
import { type Entry, ROOT } from "#/agents/steps/agent/entries.ts";

/** A step that follows a task of an agent. */
export type Move =
  /** A call of a tool, from one of the conversations. */
  | { readonly to: "tool"; readonly call: ToolCall; readonly frame: string }
  /** The next turn of a conversation. `after`: the answer that may be the last that it waits for. */
  | { readonly to: "turn"; readonly frame: string; readonly after: string }
  /** Older messages of a conversation become a summary. */
  | { readonly to: "summary"; readonly frame: string }
  /** The agent's answer counts: what is worth remembering is written down. */
  | { readonly to: "remember" }
  /** The agent's answer is to be looked at. */
  | { readonly to: "review" };

/**
 * Reads from what one task has written what follows. Tasks that run side by side do not see one another's writes, so nothing else is looked at: a
 * turn is asked for after each answer, and whoever is not the last does nothing.
 */
export function listMoves(entries: readonly Entry[]): readonly Move[] {
  const answered = new Set(entries.flatMap((entry) => listAnswers(entry)));
  const opened = new Set(entries.flatMap((entry) => ("opens" in entry ? [entry.opens.frame] : [])));
  const calls = entries.flatMap((entry): Move[] =>
    listCalls(entry)
      .filter(({ toolCallId }) => !answered.has(toolCallId) && !opened.has(toolCallId))
      .map((call) => ({ to: "tool", call, frame: findFrame(entry) })),
  );
  const turns = entries.flatMap(turnsAfter);
  const next = [...calls, ...new Map(turns.map((turn) => [turn.frame, turn])).values(), ...othersIn(entries)];
  return next.length > 0 ? next : [{ to: "review" }];
}

const findFrame = (entry: Entry): string => ("in" in entry ? entry.in : ROOT);

const findMessage = (entry: Entry): ModelMessage | undefined => {
  if ("role" in entry) return entry;
  return "in" in entry ? entry.message : undefined;
};

const listCalls = (entry: Entry): readonly ToolCall[] => callsIn(findMessage(entry));

function listAnswers(entry: Entry): readonly string[] {
  const message = findMessage(entry);
  return message?.role === "tool" ? [lastAnswered([message])] : [];
}

type Turn = Extract<Move, { to: "turn" }>;

function turnsAfter(entry: Entry): readonly Turn[] {
  if ("opens" in entry) return [{ to: "turn", frame: entry.opens.frame, after: "" }];
  if ("summary" in entry) return [{ to: "turn", frame: entry.summary.frame, after: "" }];
  if ("feedback" in entry) return [{ to: "turn", frame: ROOT, after: "" }];
  return listAnswers(entry).map((after) => ({ to: "turn", frame: findFrame(entry), after }));
}

const othersIn = (entries: readonly Entry[]): readonly Move[] =>
  entries.flatMap((entry): Move[] => {
    if ("concluded" in entry) return [{ to: "remember" }];
    return "overflows" in entry ? [{ to: "summary", frame: entry.overflows }] : [];
  });
