import { ExpressionError } from "#/agents/definition/expression/expression.ts";
import type { ToldFiles } from "#/agents/definition/plan/plan.ts";
import { findFiles } from "#/agents/steps/files/find-files.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

/**
 * Tells in words which files tasks will be shown, with their names and types; their bytes are not read. What is not there yet, such as a file that
 * an earlier task makes, is told as it is written. @returns an empty text where there is nothing to tell
 */
export async function tellFiles(told: readonly ToldFiles[], task: Task): Promise<string> {
  const lines = await Promise.all(
    told.map(async ({ task: id, files }) => {
      const names = (await Promise.all(files.map((text) => nameFiles(text, task)))).flat();
      return names.length > 0 ? [`Task ${id}: ${names.join(", ")}`] : [];
    }),
  );
  const known = lines.flat();
  return known.length === 0 ? "" : [HEAD, ...known].join("\n");
}

const HEAD = "The files that tasks will be shown. You plan with their names and types, and do not see them:";

async function nameFiles(text: string, task: Task): Promise<readonly string[]> {
  try {
    const files = await findFiles([text], task);
    return files.map(({ name, contentType }) => `${JSON.stringify(name)} (${contentType})`);
  } catch (error) {
    // Whatever is wrong with it, the task that is to be shown it says so, where it still is.
    if (error instanceof StepError || error instanceof ExpressionError) return [JSON.stringify(text)];
    throw error;
  }
}
