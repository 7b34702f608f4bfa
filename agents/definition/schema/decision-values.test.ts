import { describe, expect, test } from "vitest";
import { checkDecision, unansweredValues } from "#/agents/definition/schema/decision-values.ts";

const form = {
  type: "object",
  required: ["text"],
  properties: { text: { type: "string", default: "before" }, seats: { type: "integer", default: 2 } },
};
const edited = { actions: ["approve", "edit", "reject"], form };
const asked = { actions: ["approve", "reject"], form };

describe("the values of a decision", () => {
  test.each([
    ["without any", undefined],
    ["with none", {}],
    ["of another shape", { note: "after" }],
    ["with one field of another shape", { text: "after", seat: 3 }],
    ["of another type", { text: 3 }],
    ["that are no object", ["after"]],
    ["without what is required", { seats: 3 }],
  ])("are refused for an edit %s", (_, values) => {
    expect(checkDecision(edited, { action: "edit", values })).toMatchObject({ ok: false });
  });

  test("of an edit are kept, with the defaults of what it leaves alone", () => {
    expect(checkDecision(edited, { action: "edit", values: { text: "after" } })).toEqual({
      ok: true,
      input: { text: "after", seats: 2 },
    });
  });

  test("are refused where they would be ignored", () => {
    expect(checkDecision(edited, { action: "approve", values: { text: "after" } })).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining("Choose “edit”") as string }],
    });
    expect(
      checkDecision({ actions: ["approve"], form: null }, { action: "approve", values: { text: "after" } }),
    ).toMatchObject({ ok: false });
    expect(checkDecision(edited, { action: "approve", values: {} })).toEqual({ ok: true, input: {} });
  });

  test("get the form's defaults for what is no edit; a rejection brings what was given", () => {
    expect(checkDecision(asked, { action: "approve" })).toEqual({
      ok: true,
      input: { text: "before", seats: 2 },
    });
    expect(checkDecision(asked, { action: "reject" })).toEqual({ ok: true, input: {} });
    expect(checkDecision(asked, { action: "reject", values: { seats: 1 } })).toEqual({
      ok: true,
      input: { seats: 1 },
    });
    expect(checkDecision(asked, { action: "reject", values: { seats: "one" } })).toMatchObject({
      ok: false,
      problems: [{ path: "/seats" }],
    });
  });

  test("may have other names where the form says so itself", () => {
    const open = {
      actions: ["approve"],
      form: { type: "object", properties: { a: {} }, additionalProperties: { type: "number" } },
    };
    expect(checkDecision(open, { action: "approve", values: { b: 1 } })).toEqual({
      ok: true,
      input: { b: 1 },
    });
    expect(checkDecision(open, { action: "approve", values: { b: "x" } })).toMatchObject({ ok: false });
  });

  test("of a decision that nobody made are the form's defaults", () => {
    expect(unansweredValues(asked, "approve")).toEqual({ text: "before", seats: 2 });
    expect(unansweredValues(asked, "reject")).toEqual({});
    expect(unansweredValues(edited, "approve")).toEqual({});
    expect(unansweredValues({ actions: ["approve"], form: null }, "approve")).toEqual({});
  });
});
