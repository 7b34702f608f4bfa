import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  option,
  property,
  record,
} from "fast-check";
import { expect, test } from "vitest";
import type { RunSummary, StepLog } from "#/operations/runs/contract.ts";
import type { LiveTask } from "../live-tasks.ts";
import { buildTimeline } from "../timeline.ts";
import { buildSpans, type Trace } from "./build-spans.ts";
import { type Bar, hullOf, type Span } from "./span.ts";

const BEGIN = Date.parse("2026-11-29T10:00:00Z");
const iso = (ms: number) => new Date(BEGIN + ms).toISOString();

const LINE: Omit<StepLog, "seq" | "step" | "taskId" | "superstep" | "startedAt" | "at"> = {
  kind: "step",
  status: "succeeded",
  attempt: 1,
  input: null,
  output: null,
  error: null,
  durationMs: 100,
  model: null,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  reused: false,
};

interface Place {
  readonly seq: number;
  readonly step: string;
  readonly superstep: number;
  readonly task?: string;
  readonly ms: number;
}

const line = ({ seq, step, superstep, task = step, ms }: Place, more: Partial<StepLog> = {}): StepLog => ({
  ...LINE,
  seq,
  step,
  superstep,
  taskId: `run.${superstep}.${task}`,
  startedAt: iso(ms),
  at: iso(ms + 100),
  ...more,
});

const live = (step: string, superstep: number, ms: number): LiveTask => ({
  taskId: `run.${superstep}.${step}`,
  step,
  epoch: 1,
  attempt: 1,
  startedAt: iso(ms),
  text: "",
  tool: undefined,
  aside: undefined,
});

const NOTHING = { nodes: [], edges: [], groups: [] } as const;

function draw(
  steps: readonly StepLog[],
  { tasks = [], ...more }: Partial<Trace> & { readonly tasks?: readonly LiveTask[] } = {},
): readonly Span[] {
  const trace = {
    children: [],
    outline: NOTHING,
    status: "running",
    until: BEGIN + 60_000,
    ...more,
  } as const;
  const ended = trace.status !== "running";
  return buildSpans({ ...trace, groups: buildTimeline({ steps, live: tasks, ended }) });
}

const looks = ({ bars }: Span) => bars.map(({ look, from, to }) => [look, from - BEGIN, to - BEGIN]);

test("a failed try, the time until the next one, and the next one are three bars", () => {
  const place = { step: "fetch", superstep: 1 };
  const [span] = draw([
    line({ ...place, seq: 1, ms: 0 }, { status: "retrying" }),
    line({ ...place, seq: 2, ms: 5_000 }, { attempt: 2 }),
  ]);
  expect(span && looks(span)).toEqual([
    ["tried", 0, 100],
    ["time", 100, 5_000],
    ["work", 5_000, 5_100],
  ]);
  expect(span?.note).toBe("try 2");
});

test("waiting for a person is not work, and lasts until now while nobody has answered", () => {
  const asked = line(
    { step: "ask", superstep: 1, seq: 1, ms: 0 },
    { kind: "approval", status: "waiting", input: { title: "Go?", actions: ["approve"] } },
  );
  const [open] = draw([asked]);
  expect(open && looks(open)).toEqual([["person", 0, 60_000]]);
  const [decided] = draw([
    asked,
    line({ step: "ask", superstep: 1, seq: 2, ms: 9_000 }, { kind: "approval", durationMs: 4 }),
  ]);
  expect(decided && looks(decided)).toEqual([
    ["person", 0, 9_000],
    ["work", 9_000, 9_004],
  ]);
});

test("a wait of a run that was cancelled ends with the run", () => {
  const [span] = draw(
    [line({ step: "rest", superstep: 1, seq: 1, ms: 0 }, { status: "waiting", input: {} })],
    {
      status: "cancelled",
      until: BEGIN + 3_000,
    },
  );
  expect(span && looks(span)).toEqual([["time", 0, 3_000]]);
});

test("what is at work ends now", () => {
  const [span] = draw([], { tasks: [live("write", 1, 1_000)] });
  expect(span && looks(span)).toEqual([["live", 1_000, 60_000]]);
});

test("an agent's model and tool calls lie inside it, in their order", () => {
  const [agent] = draw([
    line({ step: "agent", superstep: 1, task: "agent.", seq: 1, ms: 0 }, { kind: "model", model: "gpt" }),
    line(
      { step: "agent", superstep: 2, task: "agent.c1", seq: 2, ms: 200 },
      { kind: "tool", input: { tool: "search" } },
    ),
    line({ step: "agent", superstep: 3, task: "agent.", seq: 3, ms: 400 }, { kind: "model", model: "gpt" }),
  ]);
  expect(agent?.children.map(({ name }) => name)).toEqual(["gpt", "search", "gpt"]);
  expect(agent?.note).toBe("2 turns");
  expect(agent && looks(agent)).toEqual([["group", 0, 500]]);
});

test("what a coworker did lies below whoever asked them", () => {
  const crew = (frame: string, agent: string) => ({ crew: { frame, agent } });
  const [visit] = draw([
    line(
      { step: "crew", superstep: 1, task: "crew.", seq: 1, ms: 0 },
      { kind: "model", model: "gpt", input: crew("", "lead"), output: { calls: [{ toolCallId: "d1" }] } },
    ),
    line(
      { step: "crew", superstep: 2, task: "crew.d1", seq: 2, ms: 200 },
      { kind: "model", model: "gpt", input: crew("d1", "writer"), output: { calls: [{ toolCallId: "t1" }] } },
    ),
    line(
      { step: "crew", superstep: 3, task: "crew.t1", seq: 3, ms: 400 },
      { kind: "tool", input: { tool: "search" } },
    ),
    line(
      { step: "crew", superstep: 4, task: "crew.", seq: 4, ms: 600 },
      { kind: "model", model: "gpt", input: crew("", "lead") },
    ),
  ]);
  expect(visit?.children.map(({ name }) => name)).toEqual(["gpt", "writer", "gpt"]);
  expect(visit?.children[1]?.children.map(({ name }) => name)).toEqual(["gpt", "search"]);
});

test("rounds of a loop lie below one line; one round is no loop", () => {
  const outline = {
    nodes: [],
    edges: [],
    groups: [{ kind: "loop", id: "loop:draft", title: "Loop", members: ["draft", "check"] }],
  } as const;
  const rounds = (count: number) =>
    Array.from({ length: count * 2 }, (_, index) =>
      line({
        step: index % 2 === 0 ? "draft" : "check",
        superstep: index + 1,
        seq: index + 1,
        ms: index * 200,
      }),
    );
  expect(draw(rounds(1), { outline }).map(({ name }) => name)).toEqual(["Draft", "Check"]);
  const [loop] = draw(rounds(3), { outline });
  expect([loop?.name, loop?.note, loop?.children.length]).toEqual(["Loop", "3 rounds", 6]);
});

const child = (index: number, more: Partial<RunSummary> = {}): RunSummary => ({
  id: `0195f5a0-0000-7000-8000-00000000000${index}`,
  workflowId: null,
  workflowName: null,
  version: 1,
  status: "running",
  waitingOn: null,
  trigger: { kind: "run", step: "each" },
  error: null,
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  rejected: false,
  summary: null,
  step: 0,
  createdAt: iso(100),
  startedAt: iso(200),
  finishedAt: null,
  try: false,
  forkedFrom: null,
  parentId: "0195f5a0-0000-7000-8000-000000000009",
  part: { step: "each", index },
  ...more,
});

test("the items of a map lie inside its step: one that is at work until now, one in the queue without a bar", () => {
  const [map] = draw(
    [
      line(
        { step: "each", superstep: 1, seq: 1, ms: 0 },
        { status: "waiting", input: { runs: 3, parallel: 2 } },
      ),
    ],
    {
      children: [
        child(0, { status: "succeeded", finishedAt: iso(900) }),
        child(1),
        child(2, { status: "queued", startedAt: null }),
      ],
    },
  );
  expect(map?.children.map(({ name, time, bars }) => [name, time && time.to - BEGIN, bars.length])).toEqual([
    ["Item 1", 900, 1],
    ["Item 2", 60_000, 1],
    ["Item 3", undefined, 0],
  ]);
});

const arbitraryLine = record({
  step: constantFrom("a", "b", "c"),
  task: integer({ min: 0, max: 3 }),
  superstep: integer({ min: 1, max: 6 }),
  // Clocks of machines differ: a line may claim to have begun before the one that it follows.
  ms: integer({ min: -5_000, max: 50_000 }),
  durationMs: option(integer({ min: -10, max: 20_000 })),
  hasStart: boolean(),
  kind: constantFrom("step", "model", "tool", "approval" as const),
  status: constantFrom("succeeded", "failed", "retrying", "waiting", "cancelled" as const),
});

const arbitraryTrace = record({
  lines: array(arbitraryLine, { maxLength: 40 }),
  running: boolean(),
  lives: array(integer({ min: 0, max: 70_000 }), { maxLength: 2 }),
});

function makeLines(
  lines: readonly (typeof arbitraryLine extends Arbitrary<infer L> ? L : never)[],
): StepLog[] {
  return lines.map(({ step, task, superstep, ms, hasStart, ...more }, index) =>
    line(
      { seq: index + 1, step, superstep, task: `${task}.${step}`, ms },
      { ...more, ...(!hasStart && { startedAt: null }) },
    ),
  );
}

const listAll = (spans: readonly Span[]): readonly Span[] =>
  spans.flatMap((span) => [span, ...listAll(span.children)]);
const isInside = (inner: { from: number; to: number }, outer: { from: number; to: number } | undefined) =>
  outer !== undefined && inner.from >= outer.from && inner.to <= outer.to;

test("whatever the log says, no time is negative, bars follow each other, and children lie inside their parents", () => {
  assert(
    property(arbitraryTrace, ({ lines, running, lives }) => {
      const tasks = running ? lives.map((ms, index) => live(`live${index}`, 9, ms)) : [];
      const spans = draw(makeLines(lines), { tasks, status: running ? "running" : "failed" });
      for (const { bars, time, children } of listAll(spans)) {
        expect(bars.every(({ from, to }) => to >= from)).toBe(true);
        expect(hullOf(bars)).toEqual(time);
        for (const inner of children)
          expect(inner.time === undefined || isInside(inner.time, time)).toBe(true);
        const last = bars.slice(1).every((bar: Bar, index) => bar.from >= (bars[index]?.to ?? 0));
        expect(last).toBe(true);
      }
      const atWork = listAll(spans).flatMap(({ bars }) => bars.filter(({ look }) => look === "live"));
      expect(atWork.every(({ to }) => to >= BEGIN + 60_000)).toBe(true);
    }),
  );
});

test("every try of the log is drawn once", () => {
  assert(
    property(arbitraryTrace, ({ lines }) => {
      const spans = draw(makeLines(lines), { status: "failed" });
      const drawn = listAll(spans)
        .filter(({ children }) => children.length === 0)
        .flatMap(({ bars }) => bars.filter(({ look }) => !["person", "time", "runs"].includes(look)));
      expect(drawn.length).toBe(lines.filter(({ status }) => status !== "waiting").length);
    }),
  );
});
