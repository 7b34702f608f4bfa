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
  line({ kind: "tool", taskId: "run.2.report.t1", input: { tool: "calculator", crew: crew("", "Lead") } }),
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
      status: "waiting",
      tools: [{ id: "t1", tool: "calculator", status: "succeeded" }],
      given: [
        {
          id: "w1",
          role: "Writer",
          asked: "Draft it",
          answer: undefined,
          status: "waiting",
          tools: [{ id: "s1", tool: "http_request", status: "waiting" }],
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

test("has nothing to show for steps without a crew", () => {
  expect(buildCrew([line({ input: { prompt: "x" }, output: "y" })], true)).toEqual([]);
});
