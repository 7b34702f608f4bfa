import { expect, test } from "vitest";
import type { StepLog } from "#/operations/runs/contract.ts";
import { buildCrew } from "./crew-tree.ts";

const LINE: StepLog = {
  seq: 1,
  step: "report",
  kind: "model",
  status: "succeeded",
  taskId: "run.1.report",
  superstep: 1,
  attempt: 1,
  at: "2026-11-29T10:00:00Z",
  startedAt: null,
  durationMs: 5,
  model: null,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  error: null,
  input: null,
  output: null,
  reused: false,
};
const line = (fields: Partial<StepLog>): StepLog => ({ ...LINE, ...fields });
const crew = (frame: string, role: string) => ({
  frame,
  role,
  agent: role.toLowerCase(),
  depth: frame ? 1 : 0,
});
const call = (toolCallId: string, toolName: string, input: object) => ({ toolCallId, toolName, input });

const asked = [
  line({
    input: { prompt: "Write the report", crew: crew("", "Lead") },
    output: {
      calls: [
        call("w1", "delegate", { coworker: "writer", task: "Draft it" }),
        call("t1", "calculator", { expression: "1+1" }),
      ],
    },
  }),
  line({
    kind: "tool",
    taskId: "run.2.report.t1",
    input: { tool: "calculator", crew: crew("", "Lead") },
    output: 2,
  }),
  line({
    taskId: "run.2.report.w1",
    input: { prompt: "Draft it", crew: crew("w1", "Writer") },
    output: { calls: [call("s1", "http_request", {})] },
  }),
  line({ kind: "tool", status: "waiting", taskId: "run.3.report.s1", input: { subject: "tool" } }),
];

test("shows who asked whom, and what waits for a person", () => {
  expect(buildCrew(asked, false)).toEqual([
    {
      step: "report",
      id: "",
      role: "Lead",
      asked: "Write the report",
      answer: undefined,
      error: undefined,
      status: "waiting",
      tools: [
        {
          id: "t1",
          tool: "calculator",
          input: { expression: "1+1" },
          status: "succeeded",
          result: 2,
          error: undefined,
          wasAsked: false,
        },
      ],
      given: [
        {
          id: "w1",
          role: "Writer",
          asked: "Draft it",
          answer: undefined,
          error: undefined,
          status: "waiting",
          tools: [
            {
              id: "s1",
              tool: "http_request",
              input: {},
              status: "waiting",
              result: undefined,
              error: undefined,
              wasAsked: true,
            },
          ],
          given: [],
        },
      ],
    },
  ]);
});

test("shows what was answered", () => {
  const answered = [
    ...asked,
    line({ taskId: "run.4.report.w1", input: { crew: crew("w1", "Writer") }, output: "The draft" }),
    line({ taskId: "run.5.report", input: { crew: crew("", "Lead") }, output: "The report" }),
  ];
  const [task] = buildCrew(answered, true);
  expect(task).toMatchObject({ answer: { value: "The report" }, status: "succeeded" });
  expect(task?.given[0]).toMatchObject({ answer: { value: "The draft" }, status: "succeeded" });
});

test("shows a call that was allowed with what it gave, and one that could not be made with the reason", () => {
  const allowed = line({ kind: "tool", taskId: "run.3.report.s1", output: { status: 200 } });
  const refused = line({ kind: "tool", taskId: "run.3.report.s1", output: { error: "A person said no." } });
  const toolAfter = (last: StepLog) => buildCrew([...asked, last], false)[0]?.given[0]?.tools[0];
  expect(toolAfter(allowed)).toMatchObject({ status: "succeeded", result: { status: 200 }, wasAsked: true });
  expect(toolAfter(refused)).toMatchObject({
    status: "failed",
    error: "A person said no.",
    result: undefined,
  });
});

test("shows who has failed, and why", () => {
  const error = { code: "model-unavailable", message: "The model is away." };
  const failed = line({ taskId: "run.4.report.w1", status: "failed", error });
  const [task] = buildCrew([...asked, failed], false);
  expect(task?.given[0]).toMatchObject({ status: "failed", error: "The model is away." });
});

test("shows that a turn waits", () => {
  const waits = line({ taskId: "run.2.report.w1", status: "waiting", input: { paces: [] } });
  expect(buildCrew([...asked.slice(0, 2), waits], false)[0]?.given[0]).toMatchObject({ status: "waiting" });
});

test("shows a call as cancelled that still waited when the run ended", () => {
  expect(buildCrew(asked, true)[0]?.given[0]?.tools[0]).toMatchObject({ status: "cancelled" });
});

test("has nothing to show for steps without a crew", () => {
  expect(buildCrew([line({ input: { prompt: "x" }, output: "y" })], true)).toEqual([]);
});
