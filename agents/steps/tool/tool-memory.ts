import type { MemoryPlace } from "#/agents/memory/memory-ports.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { ToolMemory } from "#/agents/tools/tool.ts";

/** A model is told no more at once. */
const MOST_TOKENS = 4000;

/** Opens what a tool may remember: the memory of the agent that calls it, else that of the workflow. */
export function openToolMemory(task: Task, signal: AbortSignal): ToolMemory {
  const { ports, run, step } = task;
  return {
    search: (query, { key, most }) =>
      ports.memory.recall(choosePlace(task, key), { query, most, tokens: MOST_TOKENS }, signal),
    save: async (fact, key) => {
      const runId = run.isTrial === true ? null : run.id;
      const [saved] = await ports.memory.save(choosePlace(task, key), { facts: [fact], runId, step }, signal);
      if (!saved) throw new Error("The fact was not kept.");
      return saved;
    },
  };
}

/** An agent's memory is about whom its definition says: no text that it has read names somebody else. @throws StepError */
function choosePlace({ memory, run }: Task, key: string | undefined): MemoryPlace {
  if (!memory) return placeOfWorkflow(run.workflowId, key);
  if (!("place" in memory)) throw new StepError("memory-without-place", memory.why);
  const { place } = memory;
  if (key === undefined || key === place.subject) return place;
  throw new StepError(
    "memory-key",
    "This agent's memory has its key from the definition of the workflow. Leave the key out.",
  );
}

function placeOfWorkflow(workflowId: string | null, key: string | undefined): MemoryPlace {
  if (workflowId !== null) return { scope: "workflow", owner: workflowId, subject: key ?? "" };
  throw new StepError(
    "memory-without-place",
    "Memory belongs to a workflow, and this call is made in none. Call the tool from a run.",
  );
}
