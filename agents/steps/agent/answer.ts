import type { ModelMessage } from "ai";
import { readMemory } from "#/agents/definition/format/memory.ts";
import { parseAnswer } from "#/agents/models/model-turn.ts";
import { listChecks, readProgress } from "#/agents/steps/agent/checks.ts";
import { type Entry, type Frame, getFrame, foldFrames, ROOT } from "#/agents/steps/agent/entries.ts";
import { hasOwnBudget, makeAnswerSchema, type AgentStep } from "#/agents/steps/agent/speaker.ts";
import { conversationChannel, type Update } from "#/agents/steps/node.ts";
import type { ModelUse } from "#/agents/steps/task.ts";
import { saveKeyOf, valueUpdate, withoutDetour } from "#/agents/steps/policies.ts";

/** Tells whether an answer counts as soon as it is there. */
export const isUnreviewed = (step: AgentStep): boolean => listChecks(step).length === 0 && !step.humanInput;

/** Makes the update that adds entries to an agent's channel. */
export const written = (id: string, entries: readonly Entry[]): Update => ({
  [conversationChannel(id)]: entries,
});

/** Notes what a model call of an agent has cost, where what it may spend on its work is limited. */
export const spentOn = (step: AgentStep, use: ModelUse | undefined): readonly Entry[] =>
  hasOwnBudget(step) && use ? [{ spentUsd: use.costUsd }] : [];

/** The agent has its answer: it is done, or what is worth remembering is written down first. */
export const finished = (id: string, step: AgentStep, value: unknown): Update =>
  savesMemory(step) ? written(id, [{ concluded: { value } }]) : completed(id, step, value);

/** Tells whether facts are written down when an agent has its answer. */
export const savesMemory = ({ memory }: AgentStep): boolean => readMemory(memory)?.save === true;

/** The agent is done: its value is stored, and what was said is not carried through later checkpoints. */
export function completed(id: string, step: AgentStep, value: unknown): Update {
  const update = { ...valueUpdate(saveKeyOf(id, step), value), [conversationChannel(id)]: null };
  return withoutDetour(id, step, update);
}

/** The answer that is looked at: what a check has made of it, else a tool's, else the model's. @throws StepError */
export function readCandidate(step: AgentStep, entries: readonly Entry[]): unknown {
  const { revised } = readProgress(entries);
  if (revised) return revised.value;
  const root = getFrame(foldFrames(entries), ROOT);
  const given = findToolAnswer(root, step.resultAsAnswer);
  return given ? given.value : parseAnswer(findLastText(root), makeAnswerSchema(step));
}

function findLastText({ messages }: Frame): string {
  const content = messages.findLast(({ role }) => role === "assistant")?.content;
  return typeof content === "string" ? content : "";
}

/** The result of a tool whose results are answers, if one of the last turn's calls has one. */
export function findToolAnswer(
  { messages }: Frame,
  names: readonly string[],
): { readonly value: unknown } | undefined {
  if (names.length === 0) return undefined;
  const turn = messages.slice(messages.findLastIndex(({ role }) => role === "assistant") + 1);
  return turn.flatMap((message) => listResults(message, names))[0];
}

function listResults(
  message: ModelMessage,
  names: readonly string[],
): readonly { readonly value: unknown }[] {
  if (message.role !== "tool") return [];
  return message.content.flatMap((part) =>
    part.type === "tool-result" &&
    names.includes(part.toolName) &&
    (part.output.type === "json" || part.output.type === "text")
      ? [{ value: part.output.value }]
      : [],
  );
}
