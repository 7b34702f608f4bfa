import { expect, test } from "vitest";
import type { Task } from "#/agents/steps/task.ts";
import { makeInnerTools } from "#/agents/steps/tool/inner-calls.ts";
import { calculator } from "#/agents/tools/builtin/calculator.ts";

/** Begins anew with what it has kept: the code is run again, and so are its calls, in their order. */
const taskWith = (kept: Map<string, unknown>, made: string[]) => {
  const once = async (name: string, call: () => Promise<unknown>) => {
    if (!kept.has(name)) {
      made.push(name);
      kept.set(name, await call());
    }
    return kept.get(name);
  };
  return {
    id: "task",
    attempt: 1,
    signal: new AbortController().signal,
    scope: {},
    ports: { now: () => 0 },
    once,
    showTool: () => undefined,
    tellCall: () => undefined,
  } as unknown as Task;
};
const callsOf = (task: Task, policy: Readonly<Record<string, "auto" | "approve">> = {}) =>
  makeInnerTools(task, {
    names: ["calculator"],
    isComputed: false,
    writes: "approve",
    policy,
    offered: [calculator],
  });
const call = (expression: string) => ({ index: 0, name: "calculator", input: { expression } });

test("code that is run again and asks for something else than before is told so, and calls nothing", async () => {
  const kept = new Map<string, unknown>();
  const made: string[] = [];
  const first = await callsOf(taskWith(kept, made)).call(call("1 + 1"));
  expect(await callsOf(taskWith(kept, made)).call(call("1 + 1"))).toEqual(first);
  const before = made.length;
  await expect(callsOf(taskWith(kept, made)).call(call("2 + 2"))).rejects.toMatchObject({
    code: "code-diverged",
    message: expect.stringContaining("Retry the run from this step"),
  });
  expect(made).toHaveLength(before);
});

test("nor does it call what a person was shown something else of", async () => {
  const kept = new Map<string, unknown>([["0:asked", "the hash of another call"]]);
  const made: string[] = [];
  await expect(
    callsOf(taskWith(kept, made), { calculator: "approve" }).call(call("1 + 1")),
  ).rejects.toMatchObject({ code: "code-diverged" });
  expect(made).toEqual(["0"]);
});
