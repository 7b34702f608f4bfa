import { type MemoryUse, readMemory } from "#/agents/definition/format/memory.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import type { MemoryPlace } from "#/agents/memory/memory-ports.ts";
import type { Frame } from "#/agents/steps/agent/entries.ts";
import { type AgentStep, findMember } from "#/agents/steps/agent/speaker.ts";
import type { Task } from "#/agents/steps/task.ts";
import { LONGEST_SUBJECT } from "#/agents/vocabulary/memory.ts";

/** The memory of whoever speaks in a conversation, and its place; `why` there is none, where its definition asks for one. */
export type OpenMemory =
  | { readonly use: MemoryUse; readonly place: MemoryPlace }
  | { readonly use: MemoryUse; readonly why: string };

/** Opens the memory of whoever speaks in a conversation; undefined where nothing is remembered. */
export function openMemory(step: AgentStep, frame: Frame, task: Task): OpenMemory | undefined {
  const use = readMemory((findMember(step, frame) ?? step).memory);
  if (!use) return undefined;
  const { workflowId } = task.run;
  const subject = use.key === undefined ? "" : renderText(use.key, task.scope).trim();
  // Facts about nobody in particular are everybody's: an empty key must not lead there.
  if (use.key !== undefined && subject === "")
    return { use, why: "Its key is empty, so nothing is remembered." };
  if (subject.length > LONGEST_SUBJECT)
    return { use, why: `Its key has more than ${LONGEST_SUBJECT} characters, so nothing is remembered.` };
  if (use.scope === "workspace") return { use, place: { scope: "workspace", owner: "", subject } };
  if (workflowId === null) return { use, why: "The run belongs to no workflow, so nothing is remembered." };
  const agent = frame.opening?.member ?? step.team?.self ?? task.step;
  const owner = use.scope === "agent" ? `${workflowId}/${agent}` : workflowId;
  return { use, place: { scope: use.scope, owner, subject } };
}
