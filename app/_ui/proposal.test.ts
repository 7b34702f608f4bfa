import { expect, test } from "vitest";
import { openProposal } from "./proposal.ts";

const form = {
  type: "object",
  required: ["arguments"],
  properties: {
    arguments: {
      type: "object",
      title: "Arguments",
      required: ["order"],
      properties: { order: { type: "string" }, amount: { type: "number", default: 1 } },
      default: { order: "20731", more: true },
    },
  },
};

test("each argument that a tool call proposes is a field of its own, with what is proposed", () => {
  const { form: opened, isOpened } = openProposal(form);
  expect(isOpened).toBe(true);
  expect(opened).toMatchObject({
    required: ["order"],
    properties: { order: { type: "string", default: "20731" }, amount: { type: "number" } },
  });
  expect(JSON.stringify(opened?.["properties"])).not.toContain('"default":1');
});

test("what is decided has them back in one piece, with what could not be changed", () => {
  expect(openProposal(form).toValues({ order: "1" })).toEqual({ arguments: { order: "1", more: true } });
});

test.each([null, {}, { type: "object", properties: { note: { type: "string" } } }])(
  "every other form stays as it is: %j",
  (other) => {
    const opened = openProposal(other);
    expect(opened.form).toBe(other);
    expect(opened.toValues({ note: "x" })).toEqual({ note: "x" });
  },
);
