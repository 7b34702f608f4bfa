import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ruleOfTwoProblems } from "#/agents/definition/check/rule-of-two/rule-of-two.ts";
import { builtInNames, builtInTools } from "#/agents/tools/builtin/source.ts";
import { exampleDraft, readFields } from "#/app/_ui/schema-fields.ts";
import { readForm } from "#/app/_ui/schema-reader.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { TEMPLATES } from "#/agents/definition/templates/templates.ts";

setEnvironment();

test.each(TEMPLATES)("the template “$name” can be published as it is", ({ text }) => {
  expect(checkDraft(text, { tools: builtInNames() })).toMatchObject({ ok: true });
});

const SEEDED = readdirSync("local/seed/workflows").map((name) => ({
  name,
  text: readFileSync(`local/seed/workflows/${name}`, "utf8"),
}));

test.each([...TEMPLATES, ...SEEDED])("“$name” keeps the rule of two", async ({ text }) => {
  const checked = checkDraft(text, { tools: builtInNames() });
  if (!checked.ok) throw new Error("It is not valid.");
  const found = await builtInTools.find(builtInNames());
  const tools = new Map(
    found.map((tool) => [tool.name, { capabilities: tool.capabilities, policy: undefined }]),
  );
  expect(
    ruleOfTwoProblems(checked.definition, { tools, workflows: new Map(), input: ["untrusted"] }),
  ).toEqual([]);
});

const WITH_INPUT = TEMPLATES.filter(({ name }) => name !== "Blank");

test.each(WITH_INPUT)("the template “$name” can be started with its examples", ({ text }) => {
  const { input } = parse(text) as { readonly input: JsonObject };
  const fields = readFields(input);
  const draft = exampleDraft(fields) ?? {};
  expect(Object.values(draft)).not.toContain("");
  expect(readForm(fields, draft)).toMatchObject({ ok: true });
});
