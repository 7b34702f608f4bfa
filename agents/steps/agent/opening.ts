import type { ModelMessage } from "ai";
import { type CallFile, showFiles } from "#/agents/models/call-file.ts";
import { findFiles } from "#/agents/steps/files/find-files.ts";
import type { Task } from "#/agents/steps/task.ts";

/** A message said before the question, with its text filled in and the texts of its files as they were written. */
export interface Example {
  readonly role: "user" | "assistant";
  readonly content: string;
  readonly files: readonly string[];
}

/** What stands before an agent's conversation, and the files in it. It is put there for each call, and no channel keeps it. */
interface Opening {
  readonly messages: readonly ModelMessage[];
  readonly files: readonly CallFile[];
}

/** Makes the messages before a conversation: examples, then the files of the agent's own question. @throws StepError where a file is not found */
export async function openConversation(
  task: Task,
  { examples, files: texts }: { readonly examples: readonly Example[]; readonly files: readonly string[] },
): Promise<Opening> {
  const said = await Promise.all(examples.map((example) => sayExample(task, example)));
  const files = await findFiles(texts, task);
  const shown: ModelMessage[] = files.length > 0 ? [{ role: "user", content: [...showFiles(files)] }] : [];
  return {
    messages: [...said.map(({ message }) => message), ...shown],
    files: [...said.flatMap((one) => one.files), ...files],
  };
}

async function sayExample(task: Task, { role, content, files: texts }: Example) {
  const files = await findFiles(texts, task);
  const message: ModelMessage =
    role === "user" && files.length > 0
      ? { role, content: [...showFiles(files), { type: "text", text: content }] }
      : { role, content };
  return { message, files };
}
