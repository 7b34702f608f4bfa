import { type MemoryUse, readMemory } from "#/agents/definition/format/memory.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import type { MemoryPlace } from "#/agents/memory/memory-ports.ts";
import type { Frame } from "#/agents/steps/agent/entries.ts";
import { type AgentStep, findMember } from "#/agents/steps/agent/speaker.ts";
import type { Task } from "#/agents/steps/task.ts";
import { LONGEST_SUBJECT, type MemoryScope } from "#/agents/vocabulary/memory.ts";

/** The memory of whoever speaks in a conversation, and its place; `why` there is none, where its definition asks for one. */
export type OpenMemory =
  | { readonly use: MemoryUse; readonly place: MemoryPlace }
  | { readonly use: MemoryUse; readonly why: string };

/** Opens the memory of whoever speaks in a conversation; undefined where nothing is remembered. */
export function openMemory(step: AgentStep, frame: Frame, task: Task): OpenMemory | undefined {
  const use = readMemory((findMember(step, frame) ?? step).memory);
  if (!use) return undefined;
  const subject = renderText(use.key ?? "", task.scope).trim();
  const problem = findKeyProblem(use, subject);
  if (problem !== undefined) return { use, why: `${problem}, ${SO_NOTHING}` };
  const owner = findOwner(use.scope, task, frame.opening?.member ?? step.team?.self ?? task.step);
  if (owner === undefined) return { use, why: `The run belongs to no workflow, ${SO_NOTHING}` };
  return { use, place: { scope: use.scope, owner, subject } };
}

/** Facts about nobody in particular are everybody's: an empty key must not lead there. */
function findKeyProblem({ key }: MemoryUse, subject: string): string | undefined {
  if (key !== undefined && subject === "") return "Its key is empty";
  return subject.length > LONGEST_SUBJECT ? `Its key has more than ${LONGEST_SUBJECT} characters` : undefined;
}

const SO_NOTHING = "so nothing is remembered.";

/** Undefined where the run has none. */
function findOwner(scope: MemoryScope, { run: { workflowId } }: Task, agent: string): string | undefined {
  if (scope === "workspace") return "";
  return scope === "agent" && workflowId !== null ? `${workflowId}/${agent}` : (workflowId ?? undefined);
}
