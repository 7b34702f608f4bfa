import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveChunk } from "#/agents/steps/step-ports.ts";
import { batchedLiveOutput } from "#/agents/runner/live.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ref = { workspaceId: "w", runId: "r" };
const delta = (offset: number, text: string, taskId = "t"): LiveChunk => ({
  type: "delta",
  step: "write",
  taskId,
  offset,
  text,
});
const started: LiveChunk = { type: "started", step: "write", taskId: "t", attempt: 1, startedAt: 0 };
const committed = (status: RunStatus): LiveChunk => ({ type: "committed", seq: 1, status });

type Append = Parameters<typeof batchedLiveOutput>[0];

function open(append: Append = async () => undefined) {
  const appended: LiveChunk[][] = [];
  const report = vi.fn<(error: unknown) => void>();
  const output = batchedLiveOutput(async (write, chunks) => {
    await append(write, chunks);
    appended.push([...chunks]);
  }, report);
  const show = (...chunks: LiveChunk[]) => chunks.forEach((chunk) => output.show(ref, 1, chunk));
  return { appended, output, report, show };
}

test("the first piece of a text goes out at once, the rest in batches and in order", async () => {
  const { appended, show } = open();
  show(started, delta(0, "one "), delta(4, "two "));
  await vi.advanceTimersByTimeAsync(0);
  expect(appended).toEqual([[started, delta(0, "one ")]]);
  show(delta(8, "three "));
  await vi.advanceTimersByTimeAsync(60);
  show(delta(14, "four"), committed("running"));
  await vi.advanceTimersByTimeAsync(60);
  expect(appended.slice(1)).toEqual([[delta(4, "two three ")], [delta(14, "four"), committed("running")]]);
});

test("pieces of texts that are written at the same time are joined for each text", async () => {
  const { appended, show } = open();
  show(delta(1, "a"), delta(5, "x", "u"), delta(2, "b"), delta(6, "y", "u"), started, delta(0, "c"));
  await vi.advanceTimersByTimeAsync(60);
  expect(appended.flat()).toEqual([delta(1, "ab"), delta(5, "xy", "u"), started, delta(0, "c")]);
});

test("what could not be stored is tried again, before what came after it", async () => {
  let failures = 2;
  const { appended, report, show } = open(async () => {
    failures -= 1;
    if (failures >= 0) throw new Error("away");
  });
  show(delta(0, "one "));
  await vi.advanceTimersByTimeAsync(20);
  show(delta(4, "two"));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(report).toHaveBeenCalledTimes(2);
  expect(appended).toEqual([[delta(0, "one two")]]);
});

test("a store that is away for long is given up, and keeps no memory and no step waiting", async () => {
  const { output, report, show } = open(async () => Promise.reject(new Error("away")));
  for (let index = 0; index < 100; index += 1) {
    show(delta(index, "x"));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(report.mock.calls.length).toBeLessThan(30);
  await output.flush(ref, 1);
  show(delta(100, "y"));
  await output.flush(ref, 1);
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
});

test("a store that hangs does not hold the end of an invocation up", async () => {
  const { output, show } = open(async () => new Promise(() => undefined));
  show(delta(0, "one"));
  let isOver = false;
  void output.flush(ref, 1).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(1_100);
  expect(isOver).toBe(true);
});

test("says when it was the last of a run", async () => {
  const writes: boolean[] = [];
  const { output, show } = open(async ({ ended }) => void writes.push(ended));
  show(committed("running"));
  await output.flush(ref, 1);
  show(committed("succeeded"));
  await output.flush(ref, 1);
  expect(writes).toEqual([false, true]);
});

test("steps that come and go faster than one can see are told five times a second, and a step at work at once", async () => {
  const { appended, show } = open();
  for (let index = 0; index < 100; index += 1) {
    show(started, committed("running"));
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(appended.length).toBeGreaterThanOrEqual(4);
  expect(appended.length).toBeLessThanOrEqual(6);
  show(started);
  await vi.advanceTimersByTimeAsync(50);
  expect(appended.at(-1)?.at(-1)).toEqual(started);
});

test("an invocation of one quick step stores nothing when the run has been told of a moment ago, unless the run does not continue", async () => {
  const { appended, output, show } = open();
  const step = async (epoch: number, status: RunStatus) => {
    for (const chunk of [started, committed(status)]) output.show(ref, epoch, chunk);
    await output.flush(ref, epoch);
  };
  for (const epoch of [1, 2, 3]) await step(epoch, "running");
  expect(appended).toEqual([[started, committed("running")]]);
  await step(4, "waiting");
  expect(appended.at(-1)).toEqual([started, committed("waiting")]);
  await vi.advanceTimersByTimeAsync(200);
  await step(5, "running");
  expect(appended.length).toBe(3);
  show(started, delta(0, "a text is always told"), committed("running"));
  await output.flush(ref, 1);
  expect(appended.length).toBe(4);
  expect(vi.getTimerCount()).toBe(0);
});

test("the end of one invocation does not cut into what others are doing", async () => {
  const { appended, output, show } = open();
  show(started);
  const other = { workspaceId: "w", runId: "other" };
  output.show(other, 1, committed("succeeded"));
  await output.flush(other, 1);
  expect(appended).toEqual([[committed("succeeded")]]);
  await output.flush(ref, 1);
  expect(appended.at(-1)).toEqual([started]);
});
