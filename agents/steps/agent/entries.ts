import type { ModelMessage } from "ai";
import * as v from "valibot";
import { isMessage, ToolCall } from "#/agents/steps/agent/conversation.ts";

const Message = v.custom<ModelMessage>(isMessage, "must be a message");

/** A conversation that one member of a team has for another: what was asked, by which call of whose conversation. */
const Opening = v.object({
  frame: v.string(),
  member: v.string(),
  /** The conversation with the call, and its depth plus one. */
  from: v.string(),
  depth: v.number(),
  call: ToolCall,
  prompt: v.string(),
});

const Spoken = v.object({ in: v.string(), message: Message });
const Opened = v.object({ opens: Opening });
const Closed = v.object({ closes: v.string() });
const Feedback = v.object({
  feedback: v.object({
    by: v.picklist(["guardrail", "judge", "person"]),
    text: v.string(),
    /** What was said against the answer, by itself. Absent in entries of earlier versions, and of persons. */
    complaint: v.optional(v.string()),
  }),
});
const Passed = v.object({ passed: v.number() });
const Revised = v.object({ revised: v.unknown() });
const Overflow = v.object({ overflows: v.string() });
const Summary = v.object({ summary: v.object({ frame: v.string(), text: v.string() }) });
/** Facts that are told in a conversation, from the memory of its speaker. */
const Told = v.object({
  told: v.object({
    frame: v.string(),
    facts: v.array(v.object({ id: v.string(), text: v.string(), validFrom: v.number() })),
  }),
});
/** The answer counts; it is kept when it has been written down what is worth remembering. */
const Concluded = v.object({ concluded: v.object({ value: v.unknown() }) });
const Raise = v.object({
  turns: v.optional(v.number()),
  rounds: v.optional(v.number()),
  costUsd: v.optional(v.number()),
});
/** What a person has added to a limit of an agent: turns to those of one conversation, rounds or money to those of its work. */
export type Raise = Readonly<v.InferOutput<typeof Raise>>;
const Raised = v.object({ raised: v.object({ frame: v.string(), ...Raise.entries }) });
const Spent = v.object({ spentUsd: v.number() });

/**
 * The entries of an agent's channel, in the order in which they happened. A message by itself belongs to the agent's own conversation; everything
 * else is of agents with a team, checks or a reviewer.
 */
export const Entry = v.union([
  Message,
  Spoken,
  Opened,
  Closed,
  Feedback,
  Passed,
  Revised,
  Overflow,
  Summary,
  Spent,
  Raised,
  Told,
  Concluded,
]);
export type Entry = Readonly<v.InferOutput<typeof Entry>>;

/** The agent's own conversation. */
export const ROOT = "";

/** Says a message in a conversation. */
export const spoken = (frame: string, message: ModelMessage): Entry =>
  frame === ROOT ? message : { in: frame, message };

/** The entries that an agent's channel holds. @throws ValiError */
export const parseEntries = (stored: unknown): readonly Entry[] => v.parse(v.array(Entry), stored ?? []);

/** One conversation of an agent: its own, or one that a member of its team has. */
export interface Frame {
  readonly id: string;
  /** Undefined for the agent itself. */
  readonly opening: v.InferOutput<typeof Opening> | undefined;
  readonly depth: number;
  readonly messages: readonly ModelMessage[];
  /** Answers of the model since it was last sent back to work. */
  readonly turns: number;
  /** Turns that people have added to those of its speaker since then. */
  readonly addedTurns: number;
  readonly isClosed: boolean;
  /** True where its older messages stand in a summary already. */
  readonly isSummarised: boolean;
  /** What its speaker remembers; undefined where that was not looked for. */
  readonly told?: readonly ToldFact[] | undefined;
}

export type ToldFact = Readonly<v.InferOutput<typeof Told>["told"]["facts"][number]>;

const EMPTY: Frame = {
  id: ROOT,
  opening: undefined,
  depth: 0,
  messages: [],
  turns: 0,
  addedTurns: 0,
  isClosed: false,
  isSummarised: false,
};

/** Puts the conversations of an agent together from what its channel holds. */
export function foldFrames(entries: readonly Entry[]): ReadonlyMap<string, Frame> {
  const frames = new Map<string, Frame>([[ROOT, EMPTY]]);
  for (const entry of entries) {
    const changed = applyEntry(frames, entry);
    if (changed) frames.set(changed.id, changed);
  }
  return frames;
}

/** A conversation that nobody has opened is empty. */
export const getFrame = (frames: ReadonlyMap<string, Frame>, id: string): Frame =>
  frames.get(id) ?? { ...EMPTY, id };

function applyEntry(frames: ReadonlyMap<string, Frame>, entry: Entry): Frame | undefined {
  if ("role" in entry) return withMessage(getFrame(frames, ROOT), entry);
  if ("in" in entry) return withMessage(getFrame(frames, entry.in), entry.message);
  if ("opens" in entry) {
    const { frame: id, prompt, depth } = entry.opens;
    return { ...EMPTY, id, depth, opening: entry.opens, messages: [{ role: "user", content: prompt }] };
  }
  if ("told" in entry) return { ...getFrame(frames, entry.told.frame), told: entry.told.facts };
  if ("closes" in entry) return { ...getFrame(frames, entry.closes), isClosed: true };
  if ("feedback" in entry)
    return {
      ...withMessage(getFrame(frames, ROOT), { role: "user", content: entry.feedback.text }),
      turns: 0,
      addedTurns: 0,
    };
  if ("raised" in entry) return withTurns(getFrame(frames, entry.raised.frame), entry.raised.turns ?? 0);
  return "summary" in entry
    ? summarised(getFrame(frames, entry.summary.frame), entry.summary.text)
    : undefined;
}

const withTurns = (frame: Frame, added: number): Frame => ({
  ...frame,
  addedTurns: frame.addedTurns + added,
});

const withMessage = (frame: Frame, message: ModelMessage): Frame => ({
  ...frame,
  messages: [...frame.messages, message],
  turns: frame.turns + (message.role === "assistant" ? 1 : 0),
});

/** Shortens a conversation: its question stays, everything since is in the summary. */
const summarised = (frame: Frame, text: string): Frame => ({
  ...frame,
  messages: [...frame.messages.slice(0, openingLength(frame)), { role: "user", content: text }],
  isSummarised: true,
});

/** The messages before the first answer. */
function openingLength({ messages }: Frame): number {
  const first = messages.findIndex(({ role }) => role === "assistant");
  return first < 0 ? messages.length : first;
}

/** The answer that counts. @throws when there is none */
export function readConcluded(entries: readonly Entry[]): unknown {
  const concluded = entries.findLast((entry) => "concluded" in entry);
  if (!concluded) throw new Error("The agent has no answer yet.");
  return concluded.concluded.value;
}

/** Tells whether a conversation has messages that a summary could replace. */
export const canBeShorter = (frame: Frame): boolean =>
  !frame.isSummarised && openingLength(frame) < frame.messages.length;
