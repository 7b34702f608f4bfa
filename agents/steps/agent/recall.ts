import * as v from "valibot";
import type { Frame, ToldFact } from "#/agents/steps/agent/entries.ts";
import { type OpenMemory, openMemory } from "#/agents/steps/agent/memory-place.ts";
import type { AgentStep, Speaker } from "#/agents/steps/agent/speaker.ts";
import type { Task } from "#/agents/steps/task.ts";

const Fact = v.object({ id: v.string(), text: v.string(), validFrom: v.number() });

const Recalled = v.object({
  facts: v.array(Fact),
  why: v.optional(v.string()),
  startedAt: v.number(),
  durationMs: v.number(),
});

/**
 * Recalls, before the first turn of a conversation, what its speaker remembers of the task. Once for a task, and told to the log. Where the memory is
 * not to be had the agent works without it: what it does not know it can still ask for. Undefined where nothing is to be recalled.
 */
export async function recallFirst(
  task: Task,
  { step, frame }: { readonly step: AgentStep; readonly frame: Frame },
  { brief }: Speaker,
): Promise<readonly ToldFact[] | undefined> {
  const isFirst = frame.messages.length === (frame.opening ? 1 : 0);
  const memory = isFirst && !frame.told ? openMemory(step, frame, task) : undefined;
  if (!memory || memory.use.recall === 0) return undefined;
  const query = frame.opening?.prompt ?? brief.prompt;
  const asked = { query, ...("place" in memory ? { place: memory.place } : {}) };
  const { facts, why, startedAt, durationMs } = v.parse(
    Recalled,
    await task.once("recall", () => recall(task, memory, query), asked),
  );
  task.tellCall({
    name: "recall",
    input: { tool: "memory", input: { ...asked, most: memory.use.recall } },
    output: { recalled: facts, ...(why !== undefined && { why }) },
    startedAt,
    durationMs,
  });
  return facts;
}

async function recall({ ports, signal }: Task, memory: OpenMemory, query: string) {
  const startedAt = ports.now();
  const end = (facts: readonly ToldFact[], why?: string) => ({
    facts,
    ...(why !== undefined && { why }),
    startedAt,
    durationMs: Math.max(0, ports.now() - startedAt),
  });
  if (!("place" in memory)) return end([], memory.why);
  const { place, use } = memory;
  try {
    return end(await ports.memory.recall(place, { query, most: use.recall, tokens: use.tokens }, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return end([], `The memory did not answer, so the agent works without it: ${reason}`);
  }
}
