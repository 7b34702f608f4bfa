import { expect, test } from "vitest";
import { builtInNames } from "#/agents/tools/builtin/source.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { TEMPLATES } from "./templates.ts";

setEnvironment();

test.each(TEMPLATES)("the template “$name” can be published as it is", ({ text }) => {
  expect(checkDraft(text, { tools: builtInNames() })).toMatchObject({ ok: true });
});
