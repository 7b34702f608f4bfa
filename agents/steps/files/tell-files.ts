import { ExpressionError } from "#/agents/definition/expression/expression.ts";
import type { ToldFiles } from "#/agents/definition/plan/plan.ts";
import type { CallFile } from "#/agents/models/call-file.ts";
import { lookUpDocuments, openFiles, resolveFiles } from "#/agents/steps/files/find-files.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

/**
 * Tells in words which files tasks will be shown, with their names and types; their bytes are not read. What is not there yet, such as a file that
 * an earlier task makes, is told as it is written. All documents are looked up by one question. @returns an empty text where there is nothing to tell
 */
export async function tellFiles(told: readonly ToldFiles[], task: Task): Promise<string> {
  const named = told.flatMap(({ task: id, files }) =>
    files.map((text) => ({ id, text, given: attempt(() => resolveFiles([text], task)) })),
  );
  const documents = await lookUpDocuments(
    named.flatMap(({ given }) => given ?? []),
    task,
  );
  const names = named.flatMap(({ id, text, given }) => {
    const files = given && attempt(() => openFiles(given, documents, task));
    return (files?.map(nameFile) ?? [JSON.stringify(text)]).map((name) => ({ id, name }));
  });
  const lines = [...Map.groupBy(names, ({ id }) => id)].map(
    ([id, of]) => `Task ${id}: ${of.map(({ name }) => name).join(", ")}`,
  );
  return lines.length === 0 ? "" : [HEAD, ...lines].join("\n");
}

const HEAD = "The files that tasks will be shown. You plan with their names and types, and do not see them:";

const nameFile = ({ name, contentType }: CallFile): string => `${JSON.stringify(name)} (${contentType})`;

/** Whatever is wrong with a file, the task that is to be shown it says so, where it still is. @returns undefined then */
function attempt<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof StepError || error instanceof ExpressionError) return undefined;
    throw error;
  }
}
