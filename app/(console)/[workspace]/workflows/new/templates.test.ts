import { expect, test } from "vitest";
import { parse } from "yaml";
import { builtInNames } from "#/agents/tools/builtin/source.ts";
import { exampleDraft, readFields } from "#/app/_ui/schema-fields.ts";
import { readForm } from "#/app/_ui/schema-reader.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { TEMPLATES } from "./templates.ts";

setEnvironment();

test.each(TEMPLATES)("the template “$name” can be published as it is", ({ text }) => {
  expect(checkDraft(text, { tools: builtInNames() })).toMatchObject({ ok: true });
});

const WITH_INPUT = TEMPLATES.filter(({ name }) => name !== "Blank");

test.each(WITH_INPUT)("the template “$name” can be started with its examples", ({ text }) => {
  const { input } = parse(text) as { readonly input: JsonObject };
  const fields = readFields(input);
  const draft = exampleDraft(fields) ?? {};
  expect(Object.values(draft)).not.toContain("");
  expect(readForm(fields, draft)).toMatchObject({ ok: true });
});
