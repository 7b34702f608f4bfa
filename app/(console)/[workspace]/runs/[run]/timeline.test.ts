import { expect, test } from "vitest";
import type { Run, StepLog } from "#/operations/runs/contract.ts";
import { applyEvent, approvalMoment, type Progress, type ProgressEvent, startProgress } from "./progress.ts";
import { buildTimeline } from "./timeline.ts";

const run: Run = {
  id: "0195f5a0-0000-7000-8000-000000000001",
  workflowId: null,
  workflowName: "Brief",
  version: 1,
  status: "running",
  waitingOn: null,
  trigger: { kind: "manual" },
  error: null,
  account: { spent: { tokens: 0, costUsd: 0 }, aside: { tokens: 0, costUsd: 0 }, limits: {} },
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  rejected: false,
  summary: null,
  step: 0,
  createdAt: "2026-11-22T10:00:00.000Z",
  startedAt: null,
  finishedAt: null,
  try: false,
  forkedFrom: null,
  parentId: null,
  part: null,
  input: {},
  output: null,
  state: {},
};

function log(
  seq: number,
  place: { step: string; superstep: number; taskId?: string },
  more: Partial<StepLog> = {},
): StepLog {
  const taskId = place.taskId ?? `${place.superstep}.${place.step}`;
  const nothing = {
    input: null,
    output: null,
    error: null,
    startedAt: null,
    model: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    reused: false,
  };
  return {
    seq,
    kind: "step",
    status: "succeeded",
    attempt: 1,
    durationMs: 10,
    at: run.createdAt,
    ...nothing,
    ...place,
    taskId,
    ...more,
  };
}

const task = { step: "write", taskId: "1.write", epoch: 1 };
const at = (second: number) => `2026-11-22T10:00:0${second}.000Z`;
const delta = (offset: number, text: string, epoch = 1): ProgressEvent => ({
  type: "delta",
  data: { ...task, epoch, offset, text },
});
const started = (attempt: number): ProgressEvent => ({
  type: "started",
  data: { ...task, epoch: attempt, attempt, startedAt: at(attempt) },
});

function follow(...events: ProgressEvent[]): Progress {
  return events.reduce(applyEvent, startProgress(run, []));
}

test("keeps an agent's model and tool calls together", () => {
  const { steps } = follow(
    { type: "step", data: log(1, { step: "research", superstep: 1 }) },
    { type: "step", data: log(2, { step: "research", superstep: 2 }) },
    { type: "step", data: log(3, { step: "write", superstep: 3 }) },
  );
  expect(
    buildTimeline({ steps, live: [], ended: false }).map(({ step, tasks, durationMs }) => [
      step,
      tasks.length,
      durationMs,
    ]),
  ).toEqual([
    ["research", 2, 20],
    ["write", 1, 10],
  ]);
});

test("tells a rejection from an approval", () => {
  const decided = (action: string) =>
    buildTimeline({
      steps: [log(1, { step: "ask", superstep: 1 }, { kind: "approval", output: { action } })],
      live: [],
      ended: true,
    }).map(({ status }) => status);
  const ending = log(
    1,
    { step: "ask", superstep: 1 },
    { kind: "approval", status: "failed", error: { code: "rejected", message: "no" } },
  );
  expect([decided("approve"), decided("reject")]).toEqual([["succeeded"], ["rejected"]]);
  expect(buildTimeline({ steps: [ending], live: [], ended: true })).toMatchObject([{ status: "rejected" }]);
});

test("shows a step that is visited again as a visit of its own", () => {
  const steps = [
    log(1, { step: "draft", superstep: 1 }),
    log(2, { step: "check", superstep: 2 }),
    log(3, { step: "draft", superstep: 3 }),
  ];
  expect(buildTimeline({ steps, live: [], ended: false }).map(({ step }) => step)).toEqual([
    "draft",
    "check",
    "draft",
  ]);
});

test("shows the tries of a task as one task with the state of the last", () => {
  const place = { step: "fetch", superstep: 1 };
  const steps = [log(1, place, { status: "retrying" }), log(2, place, { attempt: 2 })];
  const [group] = buildTimeline({ steps, live: [], ended: false });
  expect(group?.tasks.map(({ tries }) => tries.length)).toEqual([2]);
  expect(group?.status).toBe("succeeded");
});

test("shows what still waited when the run ended as cancelled", () => {
  const steps = [log(1, { step: "ask", superstep: 1 }, { status: "waiting" })];
  expect([true, false].map((ended) => buildTimeline({ steps, live: [], ended })[0]?.status)).toEqual([
    "cancelled",
    "waiting",
  ]);
});

test("shows text as it comes and replaces it by the committed step", () => {
  const writing = follow(started(1), delta(0, "Hel"), delta(3, "lo"));
  expect(buildTimeline(writing)[0]).toMatchObject({
    step: "write",
    status: "running",
    tasks: [{ live: { text: "Hello" } }],
  });
  const committed = applyEvent(writing, { type: "step", data: log(1, { step: "write", superstep: 1 }) });
  expect(committed.live).toEqual([]);
});

test("events that come again after a reconnection change nothing", () => {
  const step: ProgressEvent = { type: "step", data: log(1, { step: "write", superstep: 1 }) };
  const once = follow(step);
  const again = [step, delta(0, "echo")].reduce(applyEvent, once);
  expect(buildTimeline(again)).toEqual(buildTimeline(once));
});

test("text of a second try starts anew", () => {
  const live = follow(started(1), delta(0, "Half"), started(2), delta(0, "Whole", 2), delta(4, " old")).live;
  expect(live).toMatchObject([{ taskId: "1.write", epoch: 2, attempt: 2, text: "Whole" }]);
});

test("text of a second try starts anew also when its beginning was not told", () => {
  expect(follow(started(1), delta(0, "Half"), delta(0, "Whole", 2)).live).toMatchObject([
    { epoch: 2, text: "Whole" },
  ]);
});

test("shows no text with a hole in it, and none twice", () => {
  expect(
    follow(started(1), delta(0, "one "), delta(8, "three"), delta(0, "one "), delta(2, "e two ")).live[0]
      ?.text,
  ).toBe("one two ");
});

test("shows the tool that a task calls, and what became of it", () => {
  const calling = follow(started(1), {
    type: "tool",
    data: { ...task, tool: "knowledge_search", state: "started", input: { query: "backups" } },
  });
  expect(calling.live[0]?.tool).toEqual({
    name: "knowledge_search",
    input: { query: "backups" },
    state: "started",
  });
  const called = applyEvent(calling, {
    type: "tool",
    data: { ...task, tool: "knowledge_search", state: "succeeded", durationMs: 12 },
  });
  expect(called.live[0]?.tool).toEqual({
    name: "knowledge_search",
    input: { query: "backups" },
    state: "succeeded",
  });
});

test("a step that had failed is live again when its run is retried, and not by an echo", () => {
  const failed: ProgressEvent = {
    type: "step",
    data: log(1, { step: "write", superstep: 1 }, { status: "failed", startedAt: at(1) }),
  };
  expect(follow(failed, started(1), delta(0, "echo")).live).toEqual([]);
  expect(follow(failed, started(2), delta(0, "again", 2)).live).toMatchObject([{ text: "again" }]);
});

test("shows a step that waited as one visit, whatever continued beside it", () => {
  const ask = { step: "ask", superstep: 1, taskId: "r.1.ask" };
  const steps = [
    log(1, ask, { status: "waiting" }),
    log(2, { step: "beside", superstep: 2 }),
    log(3, { step: "beside", superstep: 5 }),
    log(4, { ...ask, superstep: 7 }),
    log(5, { step: "each", superstep: 2, taskId: "r.2.each" }, { status: "waiting" }),
    log(6, { step: "each", superstep: 9, taskId: "r.9.each" }),
  ];
  expect(
    buildTimeline({ steps, live: [], ended: false }).map(({ step, status, tasks }) => [
      step,
      status,
      tasks.length,
    ]),
  ).toEqual([
    ["ask", "succeeded", 1],
    ["beside", "succeeded", 1],
    ["beside", "succeeded", 1],
    ["each", "succeeded", 2],
  ]);
});

test("says that a step waits as long as one of its calls does", () => {
  const steps = [
    log(1, { step: "agent", superstep: 2, taskId: "r.2.agent.a" }, { status: "waiting" }),
    log(2, { step: "agent", superstep: 2, taskId: "r.2.agent.b" }),
    log(3, { step: "agent", superstep: 6, taskId: "r.2.agent.a" }),
    log(4, { step: "agent", superstep: 7, taskId: "r.7.agent" }),
  ];
  const statusAfter = (count: number) =>
    buildTimeline({ steps: steps.slice(0, count), live: [], ended: false }).map(({ status }) => status);
  expect([statusAfter(2), statusAfter(3), statusAfter(4)]).toEqual([
    ["waiting"],
    ["succeeded"],
    ["succeeded"],
  ]);
});

test("asks for the approvals of a run again when it asks something and continues beside it", () => {
  const asked = log(1, { step: "ask", superstep: 0 }, { status: "waiting" });
  expect(approvalMoment(run, [asked])).not.toBe(approvalMoment(run, []));
  expect(approvalMoment(run, [asked, log(2, { step: "other", superstep: 0 })])).toBe(
    approvalMoment(run, [asked]),
  );
});
