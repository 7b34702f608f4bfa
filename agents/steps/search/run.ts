import type { SearchStep } from "#/agents/steps/search/type.ts";
import { renderText, resolve } from "#/agents/definition/expression/template.ts";
import { InvalidFilter } from "#/agents/knowledge/search.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";
import type { Passage } from "#/agents/tools/tool.ts";

/** Passages of the workspace's documents, best first. The value is a list of `{document, position, text, score}`. */
export async function runSearch(step: SearchStep, task: Task): Promise<StepResult> {
  const query = renderText(step.query, task.scope);
  const resolved = resolve(step.filter, task.scope);
  const filter = isJsonObject(resolved) ? resolved : undefined;
  const value = await searchDocuments(task, query, { topK: step.topK, filter });
  return { value, input: { query, topK: step.topK, ...(filter && { filter }) } };
}

/** Asks the store of passages, for a step or for a tool. @throws StepError, which may be tried again when the store does not answer */
export async function searchDocuments(
  { ports, signal }: Task,
  query: string,
  options: Parameters<StepPorts["search"]>[1],
): Promise<readonly Passage[]> {
  try {
    return await ports.search(query, options, signal);
  } catch (cause) {
    if (cause instanceof InvalidFilter) throw new StepError("invalid-filter", cause.message, { cause });
    throw new StepError(
      "search-unavailable",
      `The search failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { retryable: true, cause },
    );
  }
}
