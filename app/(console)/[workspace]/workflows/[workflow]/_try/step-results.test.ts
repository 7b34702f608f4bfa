import { expect, test } from "vitest";
import type { StepLog } from "#/operations/runs/contract.ts";
import { buildTimeline } from "../../../runs/[run]/timeline.ts";
import { readResults, sayValue } from "./step-results.ts";

const definition = {
  kind: "graph",
  steps: { note: { type: "set" }, ask: { type: "approval" }, late: { type: "set" } },
  edges: [
    { from: "start", to: "note" },
    { from: "note", to: "ask" },
    { from: "ask", to: "late" },
    { from: "late", to: "end" },
  ],
};
const line = (step: string, seq: number, more: Partial<StepLog> = {}): StepLog => ({
  seq,
  step,
  kind: "step",
  status: "succeeded",
  taskId: `${seq}.${step}`,
  superstep: seq,
  attempt: 1,
  input: null,
  output: null,
  error: null,
  startedAt: null,
  durationMs: 1_200,
  model: null,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  reused: false,
  at: "2026-11-29T00:00:00.000Z",
  ...more,
});
const read = (steps: readonly StepLog[], status: "waiting" | "succeeded" | "failed") =>
  readResults(definition, buildTimeline({ steps, live: [], ended: status !== "waiting" }), status);

test("a step that is done says how long it took and what it gave", () => {
  const results = read([line("note", 1, { output: { said: "hello\n there" } })], "waiting");
  expect(results.get("note")).toMatchObject({
    node: { glyph: "done", label: "Succeeded", line: "1.2 s · hello there" },
    output: { said: "hello\n there" },
  });
});

test("a step that failed says why, and those behind it that they were not reached", () => {
  const error = { code: "http", message: "Nobody answered." };
  const results = read([line("note", 1, { status: "failed", error })], "failed");
  expect(results.get("note")?.node).toMatchObject({ glyph: "failed", line: "Nobody answered." });
  expect(results.get("ask")?.node).toEqual({ glyph: "skipped", label: "Not reached", line: undefined });
});

test("a step that is asked again shows its last visit", () => {
  const steps = [line("note", 1, { output: "one" }), line("ask", 2), line("note", 4, { output: "two" })];
  expect(read(steps, "succeeded").get("note")?.output).toBe("two");
});

test("a value is said in one line, and not more than fits", () => {
  expect(sayValue({ a: 1, b: [true] })).toBe('{"a":1,"b":[true]}');
  expect(sayValue({ action: "approve", by: { id: "1" } })).toBe("approve");
  expect(sayValue(undefined)).toBe("");
  expect(sayValue("x".repeat(500))).toHaveLength(120);
});
