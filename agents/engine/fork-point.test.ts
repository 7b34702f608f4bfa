import { expect, test } from "vitest";
import { forkPoint } from "#/agents/engine/fork-point.ts";

const line = (step: string, superstep: number, status = "succeeded") => ({ step, superstep, status });

test("a step that ran several times began each time, and the last time counts", () => {
  const log = [line("write", 1), line("review", 2), line("write", 3), line("review", 4)];
  expect(forkPoint(log, "write", { span: "one" })).toBe(3);
  expect(forkPoint(log, "write", { span: "one", occurrence: 1 })).toBe(1);
  expect(forkPoint(log, "write", { span: "one", occurrence: 3 })).toBeUndefined();
});

test("an agent's turns are one time", () => {
  const log = [line("ask", 1), line("ask", 2), line("ask", 3), line("other", 4), line("ask", 5)];
  expect(forkPoint(log, "ask", { span: "several", occurrence: 1 })).toBe(1);
  expect(forkPoint(log, "ask", { span: "several" })).toBe(5);
});

test("a map begins where it read its list", () => {
  expect(forkPoint([line("each", 2), line("each", 3)], "each", { span: "map" })).toBe(1);
  expect(forkPoint([line("each", 1, "waiting"), line("each", 2)], "each", { span: "map" })).toBe(1);
});
