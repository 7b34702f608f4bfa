import { afterAll, beforeAll, expect, test } from "vitest";
import { storeSkill } from "#/db/skills.ts";
import { skillTools } from "#/operations/tools/skill-tools.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";

let engine: TestEngine;
const prompts: string[] = [];
beforeAll(async () => {
  engine = await openEngine({
    model: (prompt) => {
      prompts.push(prompt);
      if (!prompt.includes("tool-result")) return { tool: "skill__tone", input: {} };
      return prompt.includes("Never shout") ? "done" : { tool: "skill__tone", input: { file: "more.md" } };
    },
    ports: {
      tools: {
        find: (names) => skillTools(engine.tenant).find(names),
        names: () => skillTools(engine.tenant).names(),
      },
    },
  });
  await storeSkill(engine.tenant, {
    name: "tone",
    description: "How we write.",
    digest: "1",
    files: { "SKILL.md": "Be kind. See more.md.", "more.md": "Never shout." },
  });
});
afterAll(() => engine.close());

test("an agent is told a skill's description first, its text when it asks, and a further file when it asks for that", async () => {
  const runId = await engine.start({
    format: "cairn/v1",
    name: "Skilled",
    kind: "graph",
    steps: { ask: { type: "agent", role: "Writer", goal: "Write", tools: ["skill__tone"] } },
    edges: [
      { from: "start", to: "ask" },
      { from: "ask", to: "end" },
    ],
  });
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { ask: "done" } });
  expect(prompts).toHaveLength(3);
  expect(prompts[0]).not.toContain("Be kind");
  expect(prompts[1]).toContain("Be kind");
  expect(prompts[1]).not.toContain("Never shout");
  expect(prompts[2]).toContain("Never shout");
});
