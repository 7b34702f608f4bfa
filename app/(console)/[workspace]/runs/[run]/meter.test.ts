import { expect, test } from "vitest";
import type { LiveTask } from "./live-tasks.ts";
import { readMeters, scaleMeter } from "./meter.ts";

const account = {
  spent: { tokens: 100, costUsd: 0.5 },
  aside: { tokens: 10, costUsd: 0.25 },
  limits: { maxCostUsd: 2 },
};
const call = (costUsd: number): LiveTask => ({
  taskId: "t",
  step: "write",
  epoch: 1,
  attempt: 1,
  startedAt: undefined,
  text: "",
  tool: undefined,
  aside: { tokens: 7, costUsd },
});
const estimate = {
  runs: 3,
  typical: { tokens: 90, costUsd: 0.4 },
  high: { tokens: 200, costUsd: 1 },
  askAboveUsd: null,
  needsConsent: false,
};

test("what is set aside is that of the run's own calls and of the runs that it shares its budget with", () => {
  const { cost, tokens } = readMeters({ account, finishedAt: null }, [call(0.25)], estimate);
  expect(cost).toEqual({ spent: 0.5, aside: 0.5, limit: 2, usual: [0.4, 1] });
  expect(tokens).toEqual({ spent: 100, aside: 17, limit: undefined, usual: [90, 200] });
  expect(scaleMeter(cost)).toEqual({ spent: 0.25, aside: 0.25, usual: 0.2 });
});

test("a call without a known price is not said to cost a billion", () => {
  expect(readMeters({ account, finishedAt: null }, [call(1e9)], undefined).cost.aside).toBeUndefined();
});

test("of a run that has ended no call is under way", () => {
  expect(readMeters({ account, finishedAt: "2026-11-29T10:00:00Z" }, [call(1)], undefined).cost.aside).toBe(
    0.25,
  );
});

test("without a limit the bar ends at what is usual, or at what is spent where that is more", () => {
  const meter = { spent: 1, aside: 1, limit: undefined, usual: [1, 4] as const };
  expect(scaleMeter(meter)).toEqual({ spent: 0.25, aside: 0.25, usual: 0.25 });
  expect(scaleMeter({ ...meter, spent: 7 })).toMatchObject({ spent: 0.875, aside: 0.125 });
  expect(scaleMeter({ ...meter, usual: undefined })).toBeUndefined();
});
