import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseText } from "#/agents/definition/format/parse.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { publishable } from "#/tests/support/publish.ts";

/** Crews as people write them for CrewAI, in our words: their agents, tasks, context, tools, processes and checks. */
const FOLDER = path.resolve(import.meta.dirname, "../fixtures/crews");
const FILES = readdirSync(FOLDER).toSorted();

let engine: TestEngine;
beforeAll(async () => {
  engine = await openEngine({ model: obliging });
});
afterAll(() => engine.close());

/** Gives each manager's work away once, and answers everything else as it is asked to. */
const obliging: ScriptedModel = (prompt, _call, schema) => {
  if (isJsonObject(schema)) return JSON.stringify(exampleOf(schema));
  const isManager = /You are (?:Crew manager|Head of recruiting|Editor)\./.test(prompt);
  const coworker = /You can turn to: ([^;."]+)/.exec(prompt)?.[1];
  if (isManager && !prompt.includes('"type":"tool-result"'))
    return { tool: "delegate", input: { coworker: "whoever", task: "Do it", context: "" } };
  if (isManager && coworker !== undefined && !prompt.includes("It is done"))
    return { tool: "delegate", input: { coworker: coworker.toUpperCase(), task: "Do it", context: "" } };
  return "It is done: a text.";
};

/** The smallest value that fits a schema of the fixtures. */
function exampleOf(schema: JsonObject): unknown {
  const { type, properties, items } = schema;
  if (type === "object")
    return Object.fromEntries(
      Object.entries(isJsonObject(properties) ? properties : {}).map(([key, part]) => [
        key,
        isJsonObject(part) ? exampleOf(part) : null,
      ]),
    );
  if (type === "array") return [isJsonObject(items) ? exampleOf(items) : "x"];
  if (type === "boolean") return true;
  return type === "number" || type === "integer" ? 7 : "some text";
}

/** Approves whatever is asked until nothing is. */
async function approveAll(runId: string): Promise<void> {
  await engine.settle();
  const open = await engine.openApprovals(runId);
  for (const { id } of open) await engine.decide(runId, { approvalId: id, action: "approve" });
  if (open.length === 0) return;
  await approveAll(runId);
}

test("there are twenty of them", () => {
  expect(FILES.length).toBe(20);
});

test.each(FILES)("%s can be published as it is, and runs to its end", async (file) => {
  const parsed = parseText(readFileSync(path.join(FOLDER, file), "utf8"));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  const definition = publishable(parsed.document);
  const input = isJsonObject(definition.input) ? exampleOf(definition.input) : {};
  const runId = await engine.start(definition, isJsonObject(input) ? input : {});
  await approveAll(runId);
  const run = await engine.run(runId);
  expect({ file, status: run["status"], error: run["error"] }).toEqual({
    file,
    status: "succeeded",
    error: null,
  });
  expect(run["output"]).toMatchObject({ result: expect.anything() });
});
