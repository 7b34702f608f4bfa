import { expect, test } from "vitest";
import { runCodeStep } from "#/agents/steps/code/run.ts";
import type { Task } from "#/agents/steps/task.ts";

type CodeStep = Parameters<typeof runCodeStep>[0];

const step = (source: string, more: Partial<CodeStep> = {}): CodeStep => ({ type: "code", source, ...more });
/** Code without tools asks nothing else of its task. */
const taskWith = (scope: Record<string, unknown>) =>
  ({ scope, signal: new AbortController().signal }) as Partial<Task> as Task;
const SCOPE = {
  input: { n: 2 },
  state: { m: 3 },
  trigger: { kind: "manual" },
  run: { id: "r" },
  item: { k: 5 },
};

test("sees input, state, trigger, run and item by name", async () => {
  const { value } = await runCodeStep(
    step("return [input.n, state.m, trigger.kind, run.id, item.k];"),
    taskWith(SCOPE),
  );
  expect(value).toEqual([2, 3, "manual", "r", 5]);
});

test("its own input, filled in with types kept, takes the place of the run's", async () => {
  const given = { sum: "{{ input.n + state.m }}", list: ["{{ item }}"] };
  const result = await runCodeStep(
    step("console.log(input.sum); return input;", { input: given }),
    taskWith(SCOPE),
  );
  expect(result).toEqual({
    value: { sum: 5, list: [{ k: 5 }] },
    input: { input: { sum: 5, list: [{ k: 5 }] }, printed: ["5"] },
  });
});

test("never sees secrets", async () => {
  const { value } = await runCodeStep(
    step("return [typeof secrets, JSON.stringify(Object.values(globalThis))];"),
    taskWith({ ...SCOPE, secrets: { KEY: "s3cr3t" } }),
  );
  expect(value).toEqual(["undefined", expect.not.stringContaining("s3cr3t")]);
});

test("its timeout is its time at work", async () => {
  await expect(runCodeStep(step("for (;;);", { timeout: "100ms" }), taskWith(SCOPE))).rejects.toMatchObject({
    code: "code-time",
    message: expect.stringContaining("100 ms") as unknown,
  });
});
