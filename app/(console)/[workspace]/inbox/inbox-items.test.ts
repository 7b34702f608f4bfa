import { expect, test } from "vitest";
import {
  chooseItem,
  findEqual,
  type Failure,
  momentOf,
  originOf,
  pressureOf,
  type Question,
  titleOf,
} from "./inbox-items.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");

const question = (id: string, subject: Question["approval"]["subject"] = "step"): Question => ({
  kind: "question",
  id,
  refusal: null,
  approval: {
    id,
    runId: `run-${id}`,
    workflowId: "w",
    workflowName: "Refunds",
    step: "ask",
    subject,
    title: "Refund?",
    description: null,
    shown: null,
    actions: ["approve", "reject"],
    form: null,
    status: "open",
    action: null,
    values: null,
    comment: null,
    decidedBy: null,
    try: false,
    requestedAt: "2026-11-29T10:00:00Z",
    dueAt: null,
    decidedAt: null,
  },
});

const failure: Failure = {
  kind: "failure",
  id: "f",
  run: {
    id: "f",
    workflowId: "w",
    workflowName: null,
    version: 1,
    status: "failed",
    waitingOn: null,
    trigger: { kind: "manual" },
    error: { code: "http-500", message: "The other side failed." },
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    rejected: false,
    summary: null,
    step: 1,
    createdAt: "2026-11-29T09:00:00Z",
    startedAt: "2026-11-29T09:00:00Z",
    finishedAt: "2026-11-29T09:30:00Z",
    try: false,
    forkedFrom: null,
    parentId: null,
    part: null,
  },
};

test("the line is the question or the error, and below it stands whose it is and why", () => {
  expect([titleOf(question("a")), originOf(question("a"))]).toEqual(["Refund?", "Refunds asks"]);
  expect(originOf(question("a", "budget"))).toBe("Refunds holds at its budget");
  expect(originOf(question("a", "turns"))).toBe("Refunds has an agent at its limit of turns");
  expect(originOf(question("a", "agent_budget"))).toBe("Refunds has an agent at its own budget");
  expect([titleOf(failure), originOf(failure)]).toEqual([
    "The other side failed.",
    "A deleted workflow failed",
  ]);
  expect([momentOf(question("a")), momentOf(failure)]).toEqual([
    "2026-11-29T10:00:00Z",
    "2026-11-29T09:30:00Z",
  ]);
});

test("when the item that is looked at is decided, the one in its place is looked at", () => {
  const items = [question("a"), question("b"), failure];
  expect(chooseItem(items, "b", 0)?.id).toBe("b");
  expect(chooseItem(items, "gone", 1)?.id).toBe("b");
  expect(chooseItem(items, "gone", 7)?.id).toBe("f");
  expect(chooseItem([], undefined, 0)).toBeUndefined();
});

test("equal questions are those that the same step asks with the same form, and that may be answered", () => {
  const one = question("a");
  const withForm = (id: string, form: object): Question => ({
    ...question(id),
    approval: { ...question(id).approval, form: { ...form } },
  });
  const forbidden: Question = { ...question("c"), refusal: "Somebody else has to." };
  const later: Question = { ...question("d"), approval: { ...question("d").approval, step: "later" } };
  const items = [one, question("b"), forbidden, later, question("e", "tool"), withForm("f", {}), failure];
  expect(findEqual(one, items).map(({ id }) => id)).toEqual(["b"]);
  const asking = withForm("g", { type: "object" });
  expect(
    findEqual(asking, [asking, withForm("h", { type: "object" }), ...items]).map(({ id }) => id),
  ).toEqual(["h"]);
});

test.each([
  ["2026-11-29T11:59:00Z", "late"],
  ["2026-11-29T15:00:00Z", "soon"],
  ["2026-11-30T15:00:00Z", "later"],
] as const)("a deadline at %s is %s", (dueAt, pressure) => {
  expect(pressureOf(dueAt, NOW)).toBe(pressure);
});
