import { describe, expect, test } from "vitest";
import { type DecisionDraft, isChanged, readDecision } from "#/app/_ui/decision-draft.ts";
import { readFields, initialDraft } from "#/app/_ui/schema-fields.ts";

const FORM = {
  type: "object",
  required: ["text"],
  properties: { text: { type: "string", default: "before" }, reason: { type: "string" } },
};

function makeDraft(
  actions: readonly string[],
  typed: Readonly<Record<string, string>> = {},
  comment = "",
): DecisionDraft {
  const fields = readFields(FORM);
  return { actions, fields, typed: { ...initialDraft(fields), ...typed }, comment };
}

describe("a decision that is typed", () => {
  test("sends the fields with “edit” where there is one, and with no other action", () => {
    const draft = makeDraft(["approve", "edit", "reject"], { text: "after" }, " because ");
    expect(readDecision(draft, "edit")).toEqual({
      ok: true,
      decision: { action: "edit", values: { text: "after" }, comment: "because" },
    });
    expect(readDecision(draft, "approve")).toEqual({
      ok: true,
      decision: { action: "approve", comment: "because" },
    });
  });

  test("sends the fields with every other action where there is none", () => {
    expect(readDecision(makeDraft(["approve", "later"]), "later")).toEqual({
      ok: true,
      decision: { action: "later", values: { text: "before" } },
    });
    expect(readDecision(makeDraft(["approve"], { text: "" }), "approve")).toEqual({
      ok: false,
      errors: { text: "This is required." },
    });
  });

  test("keeps what was typed when it ends in a rejection, and asks for nothing", () => {
    expect(readDecision(makeDraft(["approve", "reject"], { reason: "too long" }), "reject")).toEqual({
      ok: true,
      decision: { action: "reject", values: { reason: "too long" } },
    });
    expect(readDecision(makeDraft(["approve", "reject"], { text: "" }), "reject")).toEqual({
      ok: true,
      decision: { action: "reject", values: {} },
    });
    expect(readDecision(makeDraft(["approve", "reject"]), "reject")).toEqual({
      ok: true,
      decision: { action: "reject" },
    });
  });

  test("knows whether anything was changed", () => {
    expect(isChanged(makeDraft(["edit"]))).toBe(false);
    expect(isChanged(makeDraft(["edit"], { text: "after" }))).toBe(true);
  });
});
