import { expect, test } from "vitest";
import type { ParkedTask } from "#/agents/langgraph/compile/parked-task.ts";
import { toResumed } from "#/agents/langgraph/compile/parked-task.ts";
import { resumeParked } from "#/agents/runner/parked-tasks.ts";

const task = (id: string, rest: Partial<ParkedTask> = {}): ParkedTask => ({
  id,
  node: id,
  on: "approval",
  superstep: 1,
  answers: [],
  results: {},
  failures: 0,
  seen: { "state.a": 1 },
  ...rest,
});
const sent = (parked: ParkedTask) => ({
  lg_name: "Send" as const,
  node: parked.node,
  args: toResumed(parked),
});
const call = { lg_name: "Send" as const, node: "agent.tools", args: { call: {} } };

test("tasks whose wait is over continue with their answers; the others stay", () => {
  const stored = { parked: [task("a"), task("b", { answers: ["first"] })], sent: [], isFork: false };
  expect(resumeParked(stored, { b: "second" })).toEqual({
    sends: [sent(task("b", { answers: ["first", "second"] }))],
    taken: ["b"],
  });
  expect(resumeParked(stored, {})).toEqual({ sends: undefined, taken: [] });
});

test("the end of the time until a next try is no answer to what the task asks", () => {
  const retried = task("a", { on: "retry", answers: ["yes"], failures: 2 });
  expect(resumeParked({ parked: [retried], sent: [], isFork: false }, { a: null })).toEqual({
    sends: [sent(retried)],
    taken: ["a"],
  });
});

test("what was sent before keeps its place, and a task that was sent is not sent twice", () => {
  const before = task("a", { answers: ["yes"] });
  expect(
    resumeParked(
      { parked: [task("a"), task("b")], sent: [call, sent(before)], isFork: false },
      { a: "again", b: "yes" },
    ),
  ).toEqual({
    sends: [call, sent(before), sent(task("b", { answers: ["yes"] }))],
    taken: ["b"],
  });
});

test("a fork asks everything anew, on the state of now", () => {
  const answered = task("a", { answers: ["yes"], results: { model: 1 } });
  const anew = (id: string) => sent(task(id, { seen: undefined, error: undefined }));
  expect(
    resumeParked(
      { parked: [answered, task("b", { failures: 1 })], sent: [call, sent(answered)], isFork: true },
      { a: "yes" },
    ),
  ).toEqual({ sends: [call, anew("a"), anew("b")], taken: [] });
});
