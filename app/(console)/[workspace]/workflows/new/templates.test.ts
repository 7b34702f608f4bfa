import { expect, test } from "vitest";
import { checkDraft } from "#/operations/workflows/draft.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { TEMPLATES } from "./templates.ts";

setEnvironment();

test.each(TEMPLATES)("the template “$name” can be published as it is", ({ text }) => {
  expect(checkDraft(text)).toMatchObject({ ok: true });
});
