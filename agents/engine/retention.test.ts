import { expect, test } from "vitest";
import { outlastingKinds, RETENTION_DEFAULTS, readRetention } from "#/agents/engine/retention.ts";

test("keeps by default what a workspace does not set, or set to something that cannot be", () => {
  expect(readRetention({})).toEqual(RETENTION_DEFAULTS);
  expect(readRetention({ concurrency: 5, retention: { logs: 60, runs: -1, events: "long" } })).toEqual({
    ...RETENTION_DEFAULTS,
    logs: 60,
  });
  for (const nonsense of [null, undefined, 7, { retention: [] }, { retention: "x" }])
    expect(readRetention(nonsense)).toEqual(RETENTION_DEFAULTS);
});

test("names what would outlast the runs it belongs to", () => {
  expect(outlastingKinds(RETENTION_DEFAULTS)).toEqual([]);
  expect(outlastingKinds({ ...RETENTION_DEFAULTS, runs: 20, checkpoints: 21 })).toEqual([
    "logs",
    "checkpoints",
  ]);
});
