import { expect, test } from "vitest";
import { forkPoint } from "#/agents/engine/fork-point.ts";

const line = (step: string, superstep: number, status = "succeeded", taskId?: string) => ({
  step,
  superstep,
  status,
  taskId,
});

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

test("a step that waited began when it asked, however many supersteps passed beside it before the answer", () => {
  const log = [
    line("ask", 1, "waiting", "1.ask"),
    line("other", 2),
    line("other", 3),
    line("ask", 6, "succeeded", "1.ask"),
    line("ask", 8, "waiting", "8.ask"),
  ];
  expect(forkPoint(log, "ask", { span: "one", occurrence: 1 })).toBe(1);
  expect(forkPoint(log, "ask", { span: "one" })).toBe(8);
  expect(forkPoint(log, "ask", { span: "one", occurrence: 3 })).toBeUndefined();
});

test("an agent with a call that waited is one time from its first turn to its last, and the next time is another", () => {
  const first = [
    line("agent", 1, "succeeded", "1.agent"),
    line("agent", 2, "waiting", "2.agent.a"),
    line("agent", 2, "succeeded", "2.agent.b"),
    line("agent", 9, "succeeded", "2.agent.a"),
    line("agent", 10, "succeeded", "10.agent"),
  ];
  const second = [line("agent", 13, "succeeded", "13.agent")];
  expect(forkPoint([...first, ...second], "agent", { span: "several", occurrence: 1 })).toBe(1);
  expect(forkPoint([...first, ...second], "agent", { span: "several", occurrence: 2 })).toBe(13);
  expect(forkPoint([...first, ...second], "agent", { span: "several", occurrence: 3 })).toBeUndefined();
});

test("a map whose runs ended long after it had started them is one time, also while an item of it waits", () => {
  const ofRuns = [
    line("each", 2, "waiting", "2.each"),
    line("other", 3),
    line("each", 9, "succeeded", "9.each"),
  ];
  expect(forkPoint(ofRuns, "each", { span: "map" })).toBe(2);
  expect(forkPoint(ofRuns, "each", { span: "map", occurrence: 2 })).toBeUndefined();
  const sideBySide = [
    line("each", 3, "waiting", "3.each.0"),
    line("each", 3, "succeeded", "3.each.1"),
    line("each", 7, "succeeded", "3.each.0"),
    line("each", 8, "succeeded", "8.each"),
  ];
  expect(forkPoint(sideBySide, "each", { span: "map" })).toBe(2);
});
