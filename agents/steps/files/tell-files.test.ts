import { expect, test } from "vitest";
import type { ShownDocument } from "#/agents/knowledge/knowledge-ports.ts";
import { tellFiles } from "#/agents/steps/files/tell-files.ts";
import type { Task } from "#/agents/steps/task.ts";

/** A task of a workspace with documents of these names. @returns what was looked up, each time that something was */
function openTask(names: readonly string[]) {
  const asked: (readonly string[])[] = [];
  const document = (name: string): ShownDocument => ({
    id: name,
    name,
    contentType: "text/plain",
    bytes: 1,
    sha256: name,
  });
  const find = async (idsOrNames: readonly string[]) => {
    asked.push(idsOrNames);
    return new Map(names.map((name) => [name, document(name)]));
  };
  const scope = { input: { files: ["b.txt", "c.txt"] }, state: {} };
  // Of its task, whoever tells files asks for the scope and the documents alone.
  return { asked, task: { scope, ports: { documents: { find } } } as unknown as Task };
}

test("the files of all tasks are looked up by one question, and each task is told its own", async () => {
  const { asked, task } = openTask(["a.txt", "b.txt", "c.txt"]);
  const told = await tellFiles(
    [
      { task: "one", files: ["a.txt", "gone.txt"] },
      { task: "two", files: ["{{ input.files }}", "{{ state.later.file }}"] },
    ],
    task,
  );
  expect(asked).toEqual([["a.txt", "gone.txt", "b.txt", "c.txt"]]);
  expect(told.split("\n").slice(1)).toEqual([
    'Task one: "a.txt" (text/plain), "gone.txt"',
    'Task two: "b.txt" (text/plain), "c.txt" (text/plain), "{{ state.later.file }}"',
  ]);
});
