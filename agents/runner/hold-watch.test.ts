import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Hold, watchHold } from "#/agents/runner/hold-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function watched(holds: readonly (Hold | Error)[]) {
  let asked = 0;
  const watch = watchHold(async () => {
    const hold = holds[asked] ?? "held";
    asked += 1;
    if (hold instanceof Error) throw hold;
    return hold;
  }, 10);
  await vi.advanceTimersByTimeAsync(holds.length * 10 + 1);
  watch.stop();
  return { lost: watch.lost.aborted, answered: watch.isAnswered() };
}

test("a run that is lost is let go of", async () => {
  expect(await watched(["held", "lost"])).toEqual({ lost: true, answered: false });
});

test("an answer is remembered until the run is handed over", async () => {
  expect(await watched(["held", "answered", "held"])).toEqual({ lost: false, answered: true });
});

test("a question that gets no answer changes nothing", async () => {
  expect(await watched([new Error("The database is away."), "held"])).toEqual({
    lost: false,
    answered: false,
  });
});
