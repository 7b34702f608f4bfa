import { expect, test } from "vitest";
import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import { TEMPLATES } from "./templates.ts";

test.each(TEMPLATES)("the template “$name” can be published as it is", ({ text }) => {
  expect(checkDraft(text)).toMatchObject({ ok: true });
});
