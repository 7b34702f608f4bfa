import type { PlanStep } from "#/agents/definition/plan.ts";
import { renderText, resolve } from "#/agents/definition/template.ts";
import { InvalidFilter } from "#/agents/knowledge/search.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** Passages of the workspace's documents, best first. The value is a list of `{document, position, text, score}`. */
export async function runSearch(step: Extract<PlanStep, { type: "search" }>, task: Task): Promise<StepResult> {
  const query = renderText(step.query, task.scope);
  const resolved = resolve(step.filter, task.scope);
  const filter = isJsonObject(resolved) ? resolved : undefined;
  try {
    const value = await task.ports.search(query, { topK: step.topK, filter }, task.signal);
    return { value, input: { query, topK: step.topK, ...(filter && { filter }) } };
  } catch (cause) {
    if (cause instanceof InvalidFilter) throw new StepError("invalid-filter", cause.message, { cause });
    throw new StepError("search-unavailable", `The search failed: ${cause instanceof Error ? cause.message : String(cause)}`, { retryable: true, cause });
  }
}
