import { expect, test } from "vitest";
import type { RunStatus, RunSummary, StepLog } from "#/operations/runs/contract.ts";
import { buildTimeline } from "../../../runs/[run]/timeline.ts";
import { addChildren, countItems, listShownItems, pickItem, type Started } from "./child-results.ts";
import { readResults } from "./step-results.ts";

const definition = {
  kind: "graph",
  steps: {
    each: {
      type: "map",
      items: [1, 2],
      do: { steps: { ask: { type: "llm" }, keep: { type: "set" } }, edges: [{ from: "ask", to: "keep" }] },
    },
    call: { type: "workflow", workflow: "Other" },
  },
  edges: [
    { from: "start", to: "each" },
    { from: "each", to: "call" },
  ],
};
const run = (id: string, status: RunStatus, more: Partial<RunSummary> = {}): RunSummary => ({
  id,
  workflowId: null,
  workflowName: "Other",
  version: 1,
  status,
  waitingOn: null,
  trigger: { kind: "run" },
  error: null,
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  rejected: false,
  summary: null,
  step: 0,
  startedAt: null,
  finishedAt: null,
  forkedFrom: null,
  parentId: null,
  try: false,
  part: null,
  createdAt: "2026-11-29T00:00:00.000Z",
  ...more,
});
const item = (index: number, status: RunStatus) =>
  run(`item${index}`, status, { part: { step: "each", index } });
const line = (step: string, more: Partial<StepLog>): StepLog => ({
  seq: 1,
  step,
  kind: "step",
  status: "succeeded",
  taskId: `1.${step}`,
  superstep: 1,
  attempt: 1,
  input: null,
  output: null,
  error: null,
  startedAt: null,
  durationMs: 1_000,
  model: null,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  reused: false,
  at: "2026-11-29T00:00:00.000Z",
  ...more,
});
const started = (children: readonly RunSummary[], more: Partial<Started> = {}): Started => ({
  definition,
  children,
  isCut: false,
  chosen: new Map(),
  logs: new Map(),
  onChoose: () => undefined,
  linkTo: (id) => `/runs/${id}`,
  ...more,
});
const read = (given: Started) => addChildren(readResults(definition, [], "running"), given);

test("a map says how many of its items stand how", () => {
  const items = [item(0, "succeeded"), item(1, "failed"), item(2, "succeeded"), item(3, "running")];
  expect(countItems(items, false)).toBe("2 of 4 done, 1 failed, 1 running");
  expect(countItems([...items, item(4, "failed")], true)).toBe("2 of 5+ done, 2 failed, 1 running");
});

test("the item that is shown is the chosen one, else one that failed, is under way, or the first", () => {
  const items = [item(0, "succeeded"), item(1, "running"), item(2, "failed")];
  expect(pickItem(items, 0)?.id).toBe("item0");
  expect(pickItem(items, undefined)?.id).toBe("item2");
  expect(pickItem(items.slice(0, 2), 7)?.id).toBe("item1");
  expect(listShownItems([...items, run("x", "failed")], new Map([["each", 1]])).map(({ id }) => id)).toEqual([
    "item1",
  ]);
});

test("the steps inside a map have the shown item's results, and lead to its run", () => {
  const logs = new Map([["item1", [line("ask", { output: { text: "Two" } })]]]);
  const given = started([item(0, "succeeded"), item(1, "succeeded")], {
    logs,
    chosen: new Map([["each", 1]]),
  });
  const results = read(given);
  expect(results.get("each")?.node).toMatchObject({ line: "2 of 2 done", items: { chosen: 1 } });
  expect(results.get("each/ask")).toMatchObject({ status: "succeeded", runId: "item1" });
  expect(results.get("each/ask")?.node.line).toContain("Two");
  expect(results.get("each/keep")).toMatchObject({ status: "skipped" });
  expect(read(started([item(0, "queued")])).get("each/ask")?.output).toBeNull();
});

test("items that the run has done itself are counted too, and the shown one's result stands inside the map", () => {
  const own = (index: number, more: Partial<StepLog>) =>
    line("each", { seq: index + 1, taskId: `run.2.each.${index}`, superstep: 2, ...more });
  const error = { code: "http", message: "Nobody answered." };
  const failed = own(1, { status: "failed", error });
  const again = own(1, { seq: 4, attempt: 2, output: { text: "It is green" } });
  const end = line("each", { seq: 5, taskId: "run.3.each", superstep: 3, output: ["red", "green"] });
  const readOwn = (steps: readonly StepLog[], status: RunStatus, given: Partial<Started> = {}) => {
    const groups = buildTimeline({ steps, live: [], ended: status !== "running" });
    return addChildren(readResults(definition, groups, status), started([], given));
  };
  const red = own(0, { output: { text: "It is red" } });
  const whole = readOwn([red, failed, again, end], "succeeded", { chosen: new Map([["each", 1]]) });
  expect(whole.get("each")).toMatchObject({ output: ["red", "green"], node: { line: "2 of 2 done" } });
  expect(whole.get("each")?.node.items).toMatchObject({ chosen: 1, options: [{ index: 0 }, { index: 1 }] });
  expect(whole.get("each/each")?.node.line).toBe("2.0 s · It is green");
  const broken = readOwn([own(0, { status: "retrying" }), failed], "failed");
  expect(broken.get("each")?.node.line).toBe("0 of 2 done, 1 cancelled, 1 failed");
  expect(broken.get("each/each")).toMatchObject({ status: "failed", error });
});

test("a step that calls a workflow leads to the last run that it has started", () => {
  const trigger = { kind: "run" as const, step: "call" };
  const old = run("old", "failed", { trigger });
  const newer = run("new", "running", { trigger, createdAt: "2026-11-30T00:00:00.000Z" });
  expect(read(started([newer, old])).get("call")?.node).toMatchObject({
    run: { href: "/runs/new", label: "Other: running" },
    line: "Other: running",
  });
});
